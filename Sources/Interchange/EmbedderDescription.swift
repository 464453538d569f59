import MetricLearning
import VisionTransformers

/// What another program has to know of an exported network beside its tensors; the metadata of the file hold it as JSON.
public struct EmbedderDescription: Codable, Equatable, Sendable {
    /// What a picture goes through before the network.
    public struct Preprocessing: Codable, Equatable, Sendable {
        /// The shorter side is scaled to so many pixels; nil takes the picture as it is.
        public var resize: Int?
        /// Then the middle square of so many pixels; nil takes all.
        public var crop: Int?
        /// `bilinear` or `bicubic`, antialiased as Pillow does it.
        public var interpolation: String?
        /// Red, green, blue, of values 0 to 1: (value - mean) / std.
        public var mean, std: [Float]

        public init(resize: Int?, crop: Int?, interpolation: String?, mean: [Float], std: [Float]) {
            (self.resize, self.crop, self.interpolation, self.mean, self.std) = (resize, crop, interpolation, mean, std)
        }
    }

    /// Arguments of timm's `VisionTransformer`.
    struct Backbone: Codable, Equatable, Sendable {
        var imageSize, patchSize, width, depth, heads: Int
        var mlpRatio: Double
        var registers: Int
        var hasNoLeadingPositions, normalizesFirst: Bool
        /// What layer scale starts from, which timm wants to hear to make one; nil without.
        var initialScale: Double?
        var activation: String

        private enum CodingKeys: String, CodingKey {
            case imageSize = "img_size", patchSize = "patch_size", width = "embed_dim", depth, heads = "num_heads", mlpRatio = "mlp_ratio"
            case registers = "reg_tokens", hasNoLeadingPositions = "no_embed_class", normalizesFirst = "pre_norm", initialScale = "init_values"
            case activation = "act_layer"
        }
    }

    struct Adapters: Codable, Equatable, Sendable {
        var placement: BlockAdapter.Placement
        var norm: BlockAdapter.Norm
        var scale: Float
    }

    /// Where the embedding lies: unit vectors, or points of a Poincaré ball of curvature -c after rows longer than `clip` were cut.
    struct Space: Codable, Equatable, Sendable {
        var kind: String
        var curvature, clip: Double?
    }

    var form = "vptsp embedder 1"
    var backbone: Backbone
    /// Two class tokens, whose mean is the feature: timm's `VisionTransformerDistilled`.
    var isDistilled: Bool
    /// Of the backbone's norms.
    var epsilon: Float
    /// `deep`: each block has its own; `shallow`: one set stays in the sequence. Nil without prompts.
    var prompts: PromptConfiguration.Placement?
    var adapters: Adapters?
    var head: HeadConfiguration.Kind
    var space: Space
    var preprocessing: Preprocessing

    private enum CodingKeys: String, CodingKey {
        case form, backbone, isDistilled = "distilled", epsilon, prompts, adapters, head, space, preprocessing
    }
}

extension EmbedderDescription.Backbone {
    init(_ configuration: ViTConfiguration) {
        let layout = configuration.layout
        self.init(
            imageSize: configuration.image, patchSize: configuration.patch, width: configuration.dim, depth: configuration.depth,
            heads: configuration.heads, mlpRatio: configuration.mlpRatio, registers: layout.registers,
            hasNoLeadingPositions: !layout.hasLeadingPositions, normalizesFirst: layout.normalizesFirst,
            initialScale: layout.hasLayerScale ? 1e-5 : nil, activation: layout.activation == .gelu ? "gelu" : "quick_gelu")
    }
}

extension EmbedderDescription.Space {
    init(_ space: EmbeddingSpace) {
        switch space {
        case .sphere: self.init(kind: "sphere")
        case .ball(let ball): self.init(kind: "ball", curvature: ball.curvature, clip: ball.clip)
        }
    }
}
