internal import VisionTransformers

/// How many values a specification trains, part by part (method section 6).
public struct ParameterCounts: Equatable, Sendable {
    public var head = 0
    /// O: C x E, times the proxies a class that the loss needs.
    public var proxies = 0
    public var prompts = 0
    public var adapters = 0
    /// Factors of low-rank updates.
    public var lora = 0
    /// Of all classes together.
    public var classPrompts = 0
    public var proxyHead = 0
    public var gru = 0
    /// Tuned values of the backbone.
    public var backbone = 0

    public var total: Int { head + proxies + prompts + adapters + lora + classPrompts + proxyHead + gru + backbone }

    /// The parts that there are, by name.
    public var parts: [(name: String, count: Int)] {
        [
            ("head", head), ("proxies", proxies), ("prompts", prompts), ("adapters", adapters), ("lora", lora), ("class prompts", classPrompts), ("proxy head", proxyHead), ("gru", gru),
            ("backbone", backbone),
        ].filter { $0.1 > 0 }
    }

    /// - Parameter classes: C; nil while no data is chosen leaves out what there is one of for each class.
    init(_ specification: ExperimentSpecification, backbone: ViTConfiguration, classes: Int?) {
        let (d, e) = (backbone.dim, specification.head.embeddingWidth(backbone: backbone.dim))
        let classes = classes ?? 0
        let headCount = specification.head.parameterCount(backbone: d)
        head = headCount
        proxies = classes * e * specification.loss.proxiesPerClass
        if let made = specification.prompts.configuration(depth: backbone.depth) {
            prompts = totalTokens(layers: made.layers, count: made.count, step: made.step) * d
        }
        if let made = specification.adapter?.configuration(depth: backbone.depth) {
            adapters = made.layers * (2 * made.dim * d + made.dim + d + (made.norm == .none ? 0 : 2 * d))
        }
        if let made = specification.lora?.configuration(depth: backbone.depth) {
            lora = made.targets.reduce(0) { sum, target in
                let shape = target.shape(in: backbone)
                return sum + made.layers * made.rank * (shape.in + shape.out)
            }
        }
        if specification.proxies.hasClassPrompts {
            let tokens = totalTokens(
                layers: specification.proxies.layers ?? backbone.depth, count: specification.proxies.count, step: specification.proxies.step)
            classPrompts = classes * tokens * d
        }
        if specification.proxies.isSemantic {
            proxyHead = headCount
            if specification.proxies.integration == .gru { gru = 6 * e * e + 3 * e }
        }
        self.backbone = backbone.tensorShapes.reduce(0) { sum, tensor in
            specification.tuning.ofBackbone.trains(tensor.name) ? sum + tensor.shape.reduce(1, *) : sum
        }
    }
}

extension Experiment {
    /// What the specification trains; nil while no model is loaded.
    public var parameterCounts: ParameterCounts? {
        guard let depth = backboneSummary?.depth, let backbone, depth > 0 else { return nil }
        return ParameterCounts(specification, backbone: backbone.configuration, classes: dataSummary?.trainClasses)
    }

    /// A rough largest memory of a training step, bytes: weights, what the optimiser remembers, and what the backward
    /// pass keeps of each picture.
    public var memoryEstimate: Int? {
        guard let counts = parameterCounts, let backbone else { return nil }
        let vit = backbone.configuration
        let tokens = Double(vit.tokens + (specification.prompts.placement == .shallow && specification.prompts.isOn ? specification.prompts.count : 0))
        // Per token and block: the norms' and the residuals' rows, qkv, the attention's output, the hidden layer twice.
        let kept = Double(vit.dim) * (8 + 2 * vit.mlpRatio) * tokens * Double(vit.depth)
        let (inserted, insertedShare) = insertedActivations(vit)
        let trainsWhole = specification.prompts.isOn || specification.tuning != .frozen
        let passes = (trainsWhole ? 1.0 : insertedShare) + (specification.proxies.hasClassPrompts ? 1 : 0)
        let perImage = kept * max(passes, 0.1) + inserted * tokens * (specification.proxies.hasClassPrompts ? 2 : 1)
        let held = Double(specification.training.microBatch ?? specification.training.batch)
        let values = Double(backbone.summary.parameters) + Double(counts.total) * 4 + held * perImage
        return values * 4 < 1e18 ? Int(values * 4) : .max
    }

    /// What adapters and low-rank updates keep of a token, and the share of the blocks that a gradient goes through for them.
    private func insertedActivations(_ vit: ViTConfiguration) -> (perToken: Double, share: Double) {
        var (values, blocks) = (0, 0)
        if let adapter = specification.adapter?.configuration(depth: vit.depth) {
            // The bottleneck, and what goes into the norm.
            values += adapter.layers * (adapter.dim + vit.dim)
            blocks = adapter.layers
        }
        if let lora = specification.lora?.configuration(depth: vit.depth) {
            // The inputs of the maps, and the ranks.
            values += lora.layers * lora.targets.reduce(0) { $0 + $1.shape(in: vit).in + lora.rank }
            blocks = max(blocks, lora.layers)
        }
        return (Double(values), Double(blocks) / Double(vit.depth))
    }
}
