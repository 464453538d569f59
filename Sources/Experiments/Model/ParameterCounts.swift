internal import VisionTransformers

/// How many values a specification trains, part by part (method section 6).
public struct ParameterCounts: Equatable, Sendable {
    public var head = 0
    /// O: C x E, times the proxies a class that the loss needs.
    public var proxies = 0
    public var prompts = 0
    /// Of all classes together.
    public var classPrompts = 0
    public var proxyHead = 0
    public var gru = 0
    /// Tuned values of the backbone.
    public var backbone = 0

    public var total: Int { head + proxies + prompts + classPrompts + proxyHead + gru + backbone }

    /// The parts that there are, by name.
    public var parts: [(name: String, count: Int)] {
        [
            ("head", head), ("proxies", proxies), ("prompts", prompts), ("class prompts", classPrompts), ("proxy head", proxyHead), ("gru", gru),
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
        if specification.prompts.isOn { prompts = (specification.prompts.layers ?? backbone.depth) * specification.prompts.count * d }
        if specification.proxies.hasClassPrompts {
            classPrompts = classes * (specification.proxies.layers ?? backbone.depth) * specification.proxies.count * d
        }
        if specification.proxies.isSemantic {
            proxyHead = headCount
            if specification.proxies.integration == .gru { gru = 6 * e * e + 3 * e }
        }
        self.backbone = backbone.tensorShapes.reduce(0) { sum, tensor in
            let isTuned = switch specification.tuning {
            case .frozen: false
            case .bitfit: tensor.name.hasSuffix("bias")
            case .full: true
            }
            return isTuned ? sum + tensor.shape.reduce(1, *) : sum
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
        // Per token and block: the norms' and the residuals' rows, qkv, the attention's output, the hidden layer twice.
        let kept = Double(vit.dim) * (8 + 2 * vit.mlpRatio) * Double(vit.tokens) * Double(vit.depth)
        let trainsInside = specification.prompts.isOn || specification.tuning != .frozen
        let passes = (trainsInside ? 1.0 : 0) + (specification.proxies.hasClassPrompts ? 1 : 0)
        let held = Double(specification.training.microBatch ?? specification.training.batch)
        let values = Double(backbone.summary.parameters) + Double(counts.total) * 4 + held * kept * max(passes, 0.1)
        return values * 4 < 1e18 ? Int(values * 4) : .max
    }
}
