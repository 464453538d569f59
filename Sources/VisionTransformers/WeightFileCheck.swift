import TensorFiles

extension WeightFile {
    /// Tensors of a classifier, which no part of this program uses.
    private static let classifier: Set<String> = [
        "head.weight", "head.bias", "head_dist.weight", "head_dist.bias", "pre_logits.fc.weight", "pre_logits.fc.bias",
    ]

    /// Compares what a file holds with what a network needs.
    /// - Throws: `ViTError` that names tensors with both shapes, those missing, and those that the network does not have.
    static func check(_ found: [String: [Int]], of path: String, for configuration: ViTConfiguration) throws {
        if let reason = ForeignWeights.reason(found) { throw ViTError("\(path): \(reason)") }
        if let kind = otherKind(found, configuration.layout) { throw ViTError("\(path): \(kind)") }
        let expecting = configuration.tensorShapes
        var faults: [String] = []
        for (name, shape) in expecting {
            guard let other = found[name], other != shape, name != "pos_embed" || !canResample(other, for: configuration) else { continue }
            faults.append("tensor `\(name)` has shape \(other); this network needs \(shape)")
        }
        let needed = Set(expecting.map(\.name))
        faults += expecting.filter { found[$0.name] == nil }.map { "tensor `\($0.name)` of shape \($0.shape) is missing" }
        faults += found.keys.filter { !needed.contains($0) && !classifier.contains($0) }.sorted().map {
            "tensor `\($0.printable)` of shape \(found[$0] ?? []) has no place in this network"
        }
        guard let first = faults.first else { return }
        guard faults.count > 1 else { throw ViTError("\(path): \(first)") }
        let shown = faults.prefix(6).map { "\n  " + $0 }.joined()
        let more = faults.count > 6 ? "\n  and \(faults.count - 6) more" : ""
        throw ViTError("\(path) does not fit:\(shown)\(more)")
    }

    /// A kind of network that `load vit` takes and the one at hand is not.
    private static func otherKind(_ found: [String: [Int]], _ layout: ViTLayout) -> String? {
        let kinds: [(tensor: String, isOurs: Bool, name: String)] = [
            ("dist_token", layout.isDistilled, "distilled (DeiT)"), ("reg_token", layout.registers > 0, "register tokens"),
            ("norm_pre.weight", layout.normalizesFirst, "a norm before its blocks (CLIP)"),
            ("blocks.0.ls1.gamma", layout.hasLayerScale, "layer scale (DINOv2, DeiT-3)"),
        ]
        guard let kind = kinds.first(where: { found[$0.tensor] != nil && !$0.isOurs }) else { return nil }
        return "the file's network has `\(kind.tensor)` (\(kind.name)) and this one has not; `load vit weights=…` takes sizes and layout from the file"
    }

    /// Another square number of patches behind the same leading tokens.
    private static func canResample(_ shape: [Int], for configuration: ViTConfiguration) -> Bool {
        shape.count == 3 && shape[0] == 1 && shape[2] == configuration.dim
            && PositionEmbedding.gridSide(shape[1] - configuration.layout.leadingPositions) != nil
    }
}
