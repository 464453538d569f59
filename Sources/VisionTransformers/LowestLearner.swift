import TensorEngine

extension VisionTransformer {
    /// Whether something learns before the first block.
    public var embeddingLearns: Bool { embedding.parameters.contains(where: \.isTrainable) }

    /// The first block at which something learns, the last one for the norm after it; nil where nothing inside the network does.
    func lowestLearner(_ prompts: PromptSet?) -> Int? {
        if embeddingLearns || prompts?.staying?.isTrainable == true { return 0 }
        return blocks.indices.first { index in
            let ofLayer = prompts.flatMap { index < $0.layers.count ? $0.layers[index] : nil }
            let inserted = (insertions.adapters[index]?.parameters ?? []) + (insertions.updates[index] ?? []).flatMap { [$0.a, $0.b] }
            let own = index < blocks.count - 1 ? blocks[index].parameters : blocks[index].parameters + [normWeight, normBias]
            return ofLayer.map { $0.isTrainable && $0.value.count > 0 } == true || (own + inserted).contains(where: \.isTrainable)
        }
    }

    /// Whether a pass under these prompts gives anything in the network a gradient.
    public func learns(under prompts: PromptSet?) -> Bool { lowestLearner(prompts) != nil }
}
