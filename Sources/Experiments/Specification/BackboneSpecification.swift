internal import VisionTransformers

/// Which vision transformer, and where its weights come from.
public struct BackboneSpecification: Codable, Equatable, Sendable {
    /// `vit-nano`, `vit-s16`, `vit-b16`, or `vit` for a shape of one's own.
    public var name: String
    /// A path, `far` or `near` for `vit-nano`, `random`, or nil for the model's usual weights.
    public var weights: String?
    /// Only for `vit`.
    public var shape: Shape?

    /// The sizes of a ViT with square pictures and patches.
    public struct Shape: Codable, Equatable, Sendable {
        /// Side of the picture, pixels.
        public var image: Int
        /// Side of a patch, pixels; divides `image`.
        public var patch: Int
        /// Width D of a token; `heads` divides it.
        public var dim: Int
        /// Number of blocks L.
        public var depth: Int
        public var heads: Int
        /// Width of the hidden layer over `dim`.
        public var mlpRatio: Double

        public init(image: Int = 224, patch: Int = 16, dim: Int = 384, depth: Int = 12, heads: Int = 6, mlpRatio: Double = 4) {
            self.image = image
            self.patch = patch
            self.dim = dim
            self.depth = depth
            self.heads = heads
            self.mlpRatio = mlpRatio
        }
    }

    public init(name: String, weights: String? = nil, shape: Shape? = nil) {
        self.name = name
        self.weights = weights
        self.shape = shape
    }

    /// True when the weights are a function of the seed instead of a file's.
    public var isRandom: Bool { weights == "random" || name == "vit" && weights == nil }

    /// Number of blocks, where the specification alone says it.
    var depth: Int? {
        switch name {
        case "vit": (shape ?? Shape()).depth
        case "vit-nano": ViTConfiguration.nano.depth
        default: PretrainedBackbone(rawValue: name)?.configuration.depth
        }
    }

    /// - Throws: ``ExperimentError`` when the sizes of an own shape do not go together.
    public func validate() throws {
        guard let shape else { return }
        let sizes = [("image", shape.image), ("patch", shape.patch), ("dim", shape.dim), ("depth", shape.depth), ("heads", shape.heads)]
        for (name, size) in sizes where size < 1 {
            throw ExperimentError(.specification, "\(name)=\(size) must be at least 1")
        }
        guard shape.mlpRatio > 0, shape.mlpRatio <= 64 else {
            throw ExperimentError(.specification, "mlp-ratio=\(shape.mlpRatio) must be above 0 and at most 64", help: ["the usual one is 4"])
        }
        guard shape.image % shape.patch == 0 else {
            throw ExperimentError(
                .specification, "patches of \(shape.patch) pixels do not tile a picture of \(shape.image)",
                help: ["choose image as a multiple of patch, for example image=\((shape.image / shape.patch + 1) * shape.patch)"])
        }
        guard shape.dim % shape.heads == 0 else {
            throw ExperimentError(
                .specification, "\(shape.heads) heads do not share a width of \(shape.dim) evenly",
                help: ["choose dim as a multiple of heads, for example dim=\((shape.dim / shape.heads + 1) * shape.heads)"])
        }
    }
}
