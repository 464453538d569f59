import TensorEngine

/// Learned prompt tokens of the first layers of the backbone.
///
/// With a `step`, layer l uses the first max(count - l x step, 0) of its prompts. A parameter holds those that are used
/// and no more: what nobody reads would be counted as trained, saved, and shrunk by weight decay to no effect.
public struct PromptConfiguration: Codable, Equatable, Sendable {
    public enum Placement: String, Codable, Sendable, CaseIterable {
        /// Each layer has its own, which go after it.
        case deep
        /// One set enters with the image and stays in the sequence to the end.
        case shallow
    }

    public var placement: Placement
    /// Layers with prompts of their own, from the first on; 1 for shallow prompts.
    public var layers: Int
    /// Tokens of layer 0, n.
    public var count: Int
    /// Layer l has max(n - l x step, 0) tokens.
    public var step: Int

    public init(layers: Int, count: Int, step: Int = 0) {
        (placement, self.layers, self.count, self.step) = (.deep, layers, count, step)
    }

    public init(shallow count: Int) {
        (placement, layers, self.count, step) = (.shallow, 1, count, 0)
    }

    /// Tokens of each layer, up to the first layer without any.
    public var counts: [Int] {
        guard layers > 0 else { return [] }
        return (0..<layers).map { max(count - $0 * step, 0) }.prefix { $0 > 0 }.map { $0 }
    }

    /// - Throws: `MetricLearningError` when the sizes are out of range or the backbone has fewer blocks.
    func check(depth: Int, prefix: String) throws {
        guard layers >= 0, count >= 0, step >= 0, count <= 100_000 else {
            throw MetricLearningError("\(prefix): \(layers) layers of \(count) tokens, step \(step); expected none below 0")
        }
        guard layers <= depth else { throw MetricLearningError("\(prefix): \(layers) layers of tokens, but the backbone has \(depth) blocks") }
    }

    /// One parameter `<prefix>.<layer>` a layer, (groups, tokens, D), Xavier-normal over (groups, n, D).
    /// - Throws: `MetricLearningError` when the sizes are out of range or the backbone has fewer blocks.
    func parameters(groups: Int, width: Int, depth: Int, prefix: String, seed: UInt64) throws -> [Parameter] {
        try check(depth: depth, prefix: prefix)
        return counts.enumerated().map { layer, tokens in
            let name = "\(prefix).\(layer)"
            let value = Initialization.xavierNormal([groups, tokens, width], fansOf: [groups, count, width], seed: seed, name: name)
            return Parameter(name: name, value: value, isTrainable: true)
        }
    }
}
