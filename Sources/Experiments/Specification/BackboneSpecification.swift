internal import VisionTransformers

/// Which vision transformer, and where its weights come from.
public struct BackboneSpecification: Codable, Equatable, Sendable {
    /// `vit-nano`, `vit-s16`, `vit-b16`, or `vit` for a shape of one's own.
    public var name: String
    /// A path, `far` or `near` for `vit-nano`, `random`, or nil for the model's usual weights.
    public var weights: String?
    /// For `vit`; of the others only the picture's side.
    public var shape: Shape?

    /// The sizes of a ViT with square pictures and patches. What is nil is the weight file's, or that of ``untrained``.
    public struct Shape: Codable, Equatable, Sendable {
        public enum Activation: String, Codable, Equatable, Sendable, CaseIterable {
            case gelu
            case quickGELU = "quick-gelu"
        }

        /// Side of the picture, pixels.
        public var image: Int?
        /// Side of a patch, pixels; divides `image`.
        public var patch: Int?
        /// Width D of a token; `heads` divides it.
        public var dim: Int?
        /// Number of blocks L.
        public var depth: Int?
        public var heads: Int?
        /// Width of the hidden layer over `dim`.
        public var mlpRatio: Double?
        /// What the hidden layer goes through.
        public var activation: Activation?

        public init(
            image: Int? = nil, patch: Int? = nil, dim: Int? = nil, depth: Int? = nil, heads: Int? = nil, mlpRatio: Double? = nil,
            activation: Activation? = nil
        ) {
            self.image = image
            self.patch = patch
            self.dim = dim
            self.depth = depth
            self.heads = heads
            self.mlpRatio = mlpRatio
            self.activation = activation
        }

        /// Of a `vit` without weights: ViT-S/16.
        static let untrained = Shape(image: 224, patch: 16, dim: 384, depth: 12, heads: 6, mlpRatio: 4, activation: .gelu)

        /// The same with another's values where this one has none.
        func filled(from other: Shape) -> Shape {
            Shape(
                image: image ?? other.image, patch: patch ?? other.patch, dim: dim ?? other.dim, depth: depth ?? other.depth,
                heads: heads ?? other.heads, mlpRatio: mlpRatio ?? other.mlpRatio, activation: activation ?? other.activation)
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
        case "vit": shape?.depth ?? (isRandom ? Shape.untrained.depth : nil)
        case "vit-nano": ViTConfiguration.nano.depth
        default: PretrainedBackbone(rawValue: name)?.configuration.depth
        }
    }

    /// - Throws: ``ExperimentError`` when the sizes of an own shape do not go together.
    public func validate() throws {
        guard let given = shape else { return }
        let shape = name == "vit" && isRandom ? given.filled(from: .untrained) : given
        let sizes = [("image", shape.image), ("patch", shape.patch), ("dim", shape.dim), ("depth", shape.depth), ("heads", shape.heads)]
        for case (let name, let size?) in sizes where size < 1 {
            throw ExperimentError(.specification, "\(name)=\(size) must be at least 1")
        }
        if let ratio = shape.mlpRatio, !(ratio > 0 && ratio <= 64) {
            throw ExperimentError(.specification, "mlp-ratio=\(ratio) must be above 0 and at most 64", help: ["the usual one is 4"])
        }
        if let image = shape.image, let patch = shape.patch, image % patch != 0 {
            throw ExperimentError(
                .specification, "patches of \(patch) pixels do not tile a picture of \(image)",
                help: ["choose image as a multiple of patch, for example image=\((image / patch + 1) * patch)"])
        }
        if let dim = shape.dim, let heads = shape.heads, dim % heads != 0 {
            throw ExperimentError(
                .specification, "\(heads) heads do not share a width of \(dim) evenly",
                help: ["choose dim as a multiple of heads, for example dim=\((dim / heads + 1) * heads)"])
        }
    }
}
