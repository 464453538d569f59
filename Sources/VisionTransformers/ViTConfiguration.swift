/// The sizes of a pre-norm Vision Transformer (Dosovitskiy et al. 2021), in timm's sense.
public struct ViTConfiguration: Codable, Equatable, Sendable {
    /// Side of the square input in pixels.
    public var image: Int
    /// Side of a patch in pixels; divides `image`.
    public var patch: Int
    /// Width D of a token.
    public var dim: Int
    public var depth: Int
    /// Attention heads; divides `dim`.
    public var heads: Int
    /// Width of the MLP's hidden layer over `dim`.
    public var mlpRatio: Double
    public var layout = ViTLayout()

    /// - Throws: `ViTError` naming the two sizes that do not fit.
    public init(image: Int, patch: Int, dim: Int, depth: Int, heads: Int, mlpRatio: Double = 4, layout: ViTLayout = ViTLayout()) throws {
        for (name, value) in [("image", image), ("patch", patch), ("dim", dim), ("depth", depth), ("heads", heads)] {
            guard 1...100_000 ~= value else { throw ViTError("\(name) is \(value); expected 1 to 100,000") }
        }
        guard image % patch == 0 else { throw ViTError("image \(image) is not a multiple of patch \(patch)") }
        guard dim % heads == 0 else { throw ViTError("dim \(dim) is not a multiple of heads \(heads)") }
        guard mlpRatio > 0, mlpRatio <= 64, Int(Double(dim) * mlpRatio) > 0 else { throw ViTError("mlp ratio \(mlpRatio) is not above 0 and at most 64") }
        self.image = image
        self.patch = patch
        self.dim = dim
        self.depth = depth
        self.heads = heads
        self.mlpRatio = mlpRatio
        self.layout = layout
    }

    private init(_ image: Int, _ patch: Int, _ dim: Int, _ depth: Int, _ heads: Int) {
        (self.image, self.patch, self.dim, self.depth, self.heads, mlpRatio) = (image, patch, dim, depth, heads, 4)
    }

    /// ViT-S/16 at 224 pixels: 384 x 12, 6 heads.
    public static let small16 = ViTConfiguration(224, 16, 384, 12, 6)
    /// ViT-B/16 at 224 pixels: 768 x 12, 12 heads.
    public static let base16 = ViTConfiguration(224, 16, 768, 12, 12)
    /// The embedded network: 48 pixels, 128 x 6, 4 heads.
    public static let nano = ViTConfiguration(48, 8, 128, 6, 4)

    /// Patches of an image.
    public var patches: Int { (image / patch) * (image / patch) }
    /// Tokens of an image: CLS and its like, and the patches.
    public var tokens: Int { layout.leadingTokens + patches }
    /// The same network for square images of another side.
    /// - Throws: `ViTError` when patches do not tile it.
    public func resized(image: Int) throws -> ViTConfiguration {
        try ViTConfiguration(image: image, patch: patch, dim: dim, depth: depth, heads: heads, mlpRatio: mlpRatio, layout: layout)
    }
    public var hidden: Int { Int(Double(dim) * mlpRatio) }

    /// Every tensor of the network under timm's name, in timm's order.
    public var tensorShapes: [(name: String, shape: [Int])] {
        var shapes: [(String, [Int])] = [("cls_token", [1, 1, dim])]
        if layout.registers > 0 { shapes.append(("reg_token", [1, layout.registers, dim])) }
        shapes.append(("pos_embed", [1, layout.leadingPositions + patches, dim]))
        if layout.isDistilled { shapes.append(("dist_token", [1, 1, dim])) }
        shapes.append(("patch_embed.proj.weight", [dim, 3, patch, patch]))
        shapes += layout.normalizesFirst ? [("norm_pre.weight", [dim]), ("norm_pre.bias", [dim])] : [("patch_embed.proj.bias", [dim])]
        let scale = { (name: String) in layout.hasLayerScale ? [(name, [dim])] : [] }
        for block in 0..<depth {
            let attention: [(String, [Int])] = [
                ("norm1.weight", [dim]), ("norm1.bias", [dim]), ("attn.qkv.weight", [3 * dim, dim]), ("attn.qkv.bias", [3 * dim]),
                ("attn.proj.weight", [dim, dim]), ("attn.proj.bias", [dim]),
            ] + scale("ls1.gamma")
            let mlp: [(String, [Int])] = [
                ("norm2.weight", [dim]), ("norm2.bias", [dim]), ("mlp.fc1.weight", [hidden, dim]), ("mlp.fc1.bias", [hidden]),
                ("mlp.fc2.weight", [dim, hidden]), ("mlp.fc2.bias", [dim]),
            ] + scale("ls2.gamma")
            shapes += (attention + mlp).map { ("blocks.\(block)." + $0.0, $0.1) }
        }
        return shapes + [("norm.weight", [dim]), ("norm.bias", [dim])]
    }
}

/// A network or a weight file that cannot be used, and why.
public struct ViTError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }
}
