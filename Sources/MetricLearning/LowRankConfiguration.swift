import TensorEngine
import VisionTransformers

/// Low-rank updates of frozen weights in the last blocks of the backbone (LoRA, Hu et al. 2022).
public struct LowRankConfiguration: Codable, Equatable, Sendable {
    /// r.
    public var rank: Int
    public var targets: [LowRankTarget]
    /// The update is multiplied by alpha / rank.
    public var alpha: Float
    /// Blocks with updates, from the last on.
    public var layers: Int

    public init(rank: Int = 8, targets: [LowRankTarget] = [.q, .v], alpha: Float = 8, layers: Int) {
        (self.rank, self.targets, self.alpha, self.layers) = (rank, targets, alpha, layers)
    }

    /// `lora.<block>.<target>.a` (r, in), Kaiming-uniform with a = sqrt 5, and `.b` (out, r), zero: training starts from
    /// the frozen network's own function. By block, targets in the order of ``LowRankTarget``.
    /// - Throws: `MetricLearningError` when a size is out of range, a target is there twice or the backbone has fewer blocks.
    func updates(backbone: ViTConfiguration, seed: UInt64) throws -> [Int: [LowRankUpdate]] {
        guard layers >= 1, layers <= backbone.depth else {
            throw MetricLearningError("low-rank updates in \(layers) blocks, but the backbone has \(backbone.depth)")
        }
        guard rank >= 1, rank <= 100_000 else { throw MetricLearningError("rank is \(rank); expected 1 to 100,000") }
        guard alpha.isFinite else { throw MetricLearningError("alpha is \(alpha); expected a number") }
        guard !targets.isEmpty, Set(targets).count == targets.count else {
            throw MetricLearningError("targets are \(targets.map(\.rawValue)); expected one or more, each once")
        }
        let made = (backbone.depth - layers..<backbone.depth).map { block in
            (block, LowRankTarget.allCases.filter(targets.contains).map { target in
                let name = "lora.\(block).\(target.rawValue)"
                let shape = target.shape(in: backbone)
                let a = Initialization.kaimingUniform([rank, shape.in], seed: seed, name: name + ".a")
                return LowRankUpdate(
                    target: target, a: Parameter(name: name + ".a", value: a, isTrainable: true),
                    b: Parameter(name: name + ".b", value: Tensor(zeros: [shape.out, rank]), isTrainable: true), scale: alpha / Float(rank))
            })
        }
        return Dictionary(uniqueKeysWithValues: made)
    }
}
