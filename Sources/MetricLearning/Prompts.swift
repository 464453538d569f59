import TensorEngine

/// Learned prompt tokens of the first layers of the backbone.
public struct PromptConfiguration: Codable, Equatable, Sendable {
    /// Layers with prompts, from the first on.
    public var layers: Int
    /// Tokens of layer 0, n.
    public var count: Int
    /// Layer l has max(n - l x step, 0) tokens.
    public var step: Int

    public init(layers: Int, count: Int, step: Int = 0) {
        (self.layers, self.count, self.step) = (layers, count, step)
    }

    /// Tokens of each layer, up to the first layer without any.
    public var counts: [Int] {
        guard layers > 0 else { return [] }
        return (0..<layers).map { max(count - $0 * step, 0) }.prefix { $0 > 0 }.map { $0 }
    }

    /// One parameter `<prefix>.<layer>` a layer, (groups, tokens, D), Xavier-normal over (groups, n, D).
    /// - Throws: `MetricLearningError` when the sizes are out of range or the backbone has fewer blocks.
    func parameters(groups: Int, width: Int, depth: Int, prefix: String, seed: UInt64) throws -> [Parameter] {
        guard layers >= 0, count >= 0, step >= 0, count <= 100_000 else {
            throw MetricLearningError("\(prefix): \(layers) layers of \(count) tokens, step \(step); expected none below 0")
        }
        guard layers <= depth else { throw MetricLearningError("\(prefix): \(layers) layers of tokens, but the backbone has \(depth) blocks") }
        return counts.enumerated().map { layer, tokens in
            let name = "\(prefix).\(layer)"
            let value = Initialization.xavierNormal([groups, tokens, width], fansOf: [groups, count, width], seed: seed, name: name)
            return Parameter(name: name, value: value, isTrainable: true)
        }
    }
}
