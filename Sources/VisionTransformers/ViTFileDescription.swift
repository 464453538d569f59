/// What the tensors of a weight file say of the network that they belong to.
public struct ViTFileDescription: Equatable, Sendable {
    public let dim, depth, patch, hidden: Int
    /// Of the image that the position embedding was learned for, pixels.
    public let image: Int
    /// As far as tensors say it: the activation leaves no trace in them.
    public let layout: ViTLayout
    /// From the file's metadata (`heads` or `num_heads`), else for the widths of timm's networks; nil where neither tells.
    public let heads: Int?
    private let path: String

    /// - Throws: `ViTError` naming the kind of network that is not supported, or the tensor that does not make sense.
    public init(_ file: WeightFile) throws {
        let shapes = file.shapes
        if let reason = ForeignWeights.reason(shapes) { throw ViTError("\(file.path): \(reason)") }
        func shape(_ name: String, _ axes: Int) throws -> [Int] {
            guard let shape = shapes[name], shape.count == axes, shape.allSatisfy({ 1...1_000_000 ~= $0 }) else {
                throw ViTError("\(file.path): tensor `\(name)` \(shapes[name].map { "has shape \($0)" } ?? "is missing"); expected are \(axes) axes")
            }
            return shape
        }
        path = file.path
        dim = try shape("cls_token", 3)[2]
        let kernel = try shape("patch_embed.proj.weight", 4)
        guard kernel[2] == kernel[3] else { throw ViTError("\(file.path): patches of \(kernel[3]) x \(kernel[2]) are not square") }
        patch = kernel[2]
        hidden = try shape("blocks.0.mlp.fc1.weight", 2)[0]
        depth = Set(shapes.keys.compactMap(Self.block)).count
        var layout = ViTLayout(
            isDistilled: shapes["dist_token"] != nil, registers: shapes["reg_token"] == nil ? 0 : try shape("reg_token", 3)[1],
            normalizesFirst: shapes["norm_pre.weight"] != nil, hasLayerScale: shapes["blocks.0.ls1.gamma"] != nil)
        // A square number of positions is one for each patch; otherwise CLS and its like have theirs too.
        let positions = try shape("pos_embed", 3)[1]
        layout.hasLeadingPositions = PositionEmbedding.gridSide(positions) == nil
        guard let side = PositionEmbedding.gridSide(positions - layout.leadingPositions) else {
            throw ViTError("\(file.path): \(positions) positions in `pos_embed` are no square of patches, with or without \(layout.leadingTokens) before them")
        }
        image = side * patch
        self.layout = layout
        heads = (file.metadata["heads"] ?? file.metadata["num_heads"]).flatMap { Int($0) } ?? Self.usualHeads[dim]
    }

    /// Attention heads of timm's networks with a CLS token, by width. A wrong number gives another function without a word, so
    /// nothing is guessed for other widths.
    private static let usualHeads = [192: 3, 384: 6, 512: 8, 640: 10, 768: 12, 896: 14, 1024: 16, 1152: 16, 1280: 16, 1408: 16, 1664: 16]

    private static func block(_ name: String) -> Int? {
        guard name.hasPrefix("blocks.") else { return nil }
        return Int(name.dropFirst("blocks.".count).prefix { $0 != "." })
    }

    /// What a user says of a network beside its file; nil is left to the file.
    public struct Wishes: Sendable {
        public var image, patch, dim, depth, heads: Int?
        public var mlpRatio: Double?
        public var activation: ViTLayout.Activation?

        public init(
            image: Int? = nil, patch: Int? = nil, dim: Int? = nil, depth: Int? = nil, heads: Int? = nil, mlpRatio: Double? = nil,
            activation: ViTLayout.Activation? = nil
        ) {
            (self.image, self.patch, self.dim, self.depth, self.heads) = (image, patch, dim, depth, heads)
            (self.mlpRatio, self.activation) = (mlpRatio, activation)
        }
    }

    /// The network of the file.
    /// - Throws: `ViTError` when a size is not the file's (the image may be another), and when heads or the activation are
    ///   neither said nor known.
    public func configuration(_ wishes: Wishes = Wishes()) throws -> ViTConfiguration {
        for (name, wish, own) in [("patch", wishes.patch, patch), ("dim", wishes.dim, dim), ("depth", wishes.depth, depth)] {
            if let wish, wish != own { throw ViTError("\(name) is \(wish), but \(path) holds a network with \(name) \(own)") }
        }
        if let wish = wishes.mlpRatio, !(0...64 ~= wish) || Int(Double(dim) * wish) != hidden {
            throw ViTError("mlp-ratio is \(wish), but \(path) holds a hidden layer of \(hidden) for a width of \(dim): \(Double(hidden) / Double(dim))")
        }
        guard let heads = wishes.heads ?? heads else {
            throw ViTError("\(path) holds a network of width \(dim), whose number of attention heads its tensors do not tell: say it with heads=")
        }
        if layout.normalizesFirst, wishes.activation == nil {
            throw ViTError(
                "\(path) holds a CLIP network, whose activation its tensors do not tell: say activation=quick-gelu (OpenAI's weights, DFN, MetaCLIP) or activation=gelu (LAION's, OpenCLIP)")
        }
        var layout = layout
        layout.activation = wishes.activation ?? .gelu
        var ratio = wishes.mlpRatio ?? Double(hidden) / Double(dim)
        if Int(Double(dim) * ratio) != hidden { ratio = ratio.nextUp }
        return try ViTConfiguration(
            image: wishes.image ?? image, patch: patch, dim: dim, depth: depth, heads: heads, mlpRatio: ratio, layout: layout)
    }
}
