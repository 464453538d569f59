internal import MetricLearning
internal import VisionTransformers

extension ExperimentSpecification {
    /// Numbers that a step keeps of one picture for its backward pass.
    ///
    /// Of a token and channel of each block, r the MLP's ratio and numbers of 4 bytes: where the block is frozen the two
    /// norms' rows, query, key, value, and the slopes of the hidden layer: 5 + r, of 24 bits, beside bf16 of 16; where its weights learn also the
    /// inputs of its four products: 4 + r more, in bf16 3.5 + 0.5 r. Once for the embedding where something inside the backbone learns, and
    /// once for the pass under class prompts. Docs/memory.md has what was measured.
    func activationNumbers(_ vit: ViTConfiguration) -> Double {
        let tokens = Double(vit.tokens + (prompts.placement == .shallow && prompts.isOn ? prompts.count : 0))
        let isHalf = (precision ?? .standard).effective.kind == .bf16
        let inputs = tuning.isFull ? (isHalf ? 3.5 + 0.5 * vit.mlpRatio : 4 + vit.mlpRatio) : 0
        let perToken = (5 + vit.mlpRatio) * (isHalf ? 0.5 : 0.75) + inputs
        let (inserted, insertedShare) = insertedActivations(vit)
        let passes = (trainsWhole ? 1.0 : insertedShare) + (proxies.hasClassPrompts ? 1 : 0)
        return Double(vit.dim) * perToken * tokens * Double(vit.depth) * max(passes, 0.1)
            + inserted * tokens * (proxies.hasClassPrompts ? 2 : 1)
    }

    /// Whether a gradient goes through all blocks.
    private var trainsWhole: Bool { prompts.isOn || tuning != .frozen }
    /// Whether a backward pass goes into the backbone at all.
    var learnsInside: Bool { trainsWhole || adapter != nil || lora != nil || proxies.hasClassPrompts }

    /// Numbers that a step with `memory=low` keeps of one picture: of one block in one pass.
    func frugalNumbers(_ vit: ViTConfiguration) -> Double { activationNumbers(vit) / Double(vit.depth) / (proxies.hasClassPrompts && trainsWhole ? 2 : 1) }

    /// Numbers that exist of one picture of a micro-batch while a block is computed or its gradients are.
    ///
    /// Measured on a ViT-S/16 in eight methods, in numbers of a token and channel; the hidden layer is whole beside an adapter
    /// and where its weights learn.
    func passingNumbers(_ vit: ViTConfiguration) -> Double {
        let perToken = adapter != nil && !training.isFrugal ? 36.0 : adapter != nil || tuning.isFull ? 26 : 16
        return perToken * Double(vit.dim) * Double(vit.tokens)
    }

    /// What adapters and low-rank updates keep of a token, and the share of the blocks that a gradient goes through for them.
    private func insertedActivations(_ vit: ViTConfiguration) -> (perToken: Double, share: Double) {
        var (values, blocks) = (0, 0)
        if let adapter = adapter?.configuration(depth: vit.depth) {
            // The bottleneck, and what goes into the norm.
            values += adapter.layers * (adapter.dim + vit.dim)
            blocks = adapter.layers
        }
        if let lora = lora?.configuration(depth: vit.depth) {
            // The inputs of the maps, and the ranks.
            values += lora.layers * lora.targets.reduce(0) { $0 + $1.shape(in: vit).in + lora.rank }
            blocks = max(blocks, lora.layers)
        }
        return (Double(values), Double(blocks) / Double(vit.depth))
    }
}

extension Experiment {
    /// What `memory=low` may hold of pictures, bytes; Docs/memory.md has the peaks that follow.
    private static let pictureBudget = 300.0 * 1_048_576

    /// Pictures at a time with `memory=low` where the script does not say: the usual number, or as many as the budget holds, at least 1.
    /// - Throws: ``ExperimentError`` while no model is loaded.
    public func microBatch(ofBatch batch: Int) throws -> Int {
        let vit = try readyBackbone().configuration
        let most = Self.pictureBudget / (4 * (specification.frugalNumbers(vit) + specification.passingNumbers(vit)))
        return max(1, min(batch, TrainingOptions.standardMicroBatch, Int(min(most, 1e6))))
    }

    /// Numbers of frozen weights' layouts for products, beside the weights.
    func numbersLaidOut(_ backbone: LoadedBackbone) -> Double {
        guard !specification.tuning.isFull else { return 0 }
        // Products forward and backward have one each.
        return Double(backbone.summary.parameters) * (specification.precision ?? .standard).packedShare * (specification.learnsInside ? 1 : 0.5)
    }
}
