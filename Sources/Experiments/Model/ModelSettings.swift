internal import MetricLearning
internal import VisionTransformers

/// The part of a specification that says what a model is; two specifications that agree in it can use each other's models.
struct ModelSettings: Codable, Equatable, Sendable {
    var backbone: BackboneSpecification?
    var prompts: PromptSpecification
    var proxies: ProxySpecification
    var head: HeadSpecification
    var tuning: TuningSpecification

    init(_ specification: ExperimentSpecification) {
        backbone = specification.backbone
        prompts = specification.prompts
        proxies = specification.proxies
        head = specification.head
        tuning = specification.tuning
    }

    func apply(to specification: inout ExperimentSpecification) {
        specification.backbone = backbone
        specification.prompts = prompts
        specification.proxies = proxies
        specification.head = head
        specification.tuning = tuning
    }

    /// The same in the terms of MetricLearning.
    /// - Parameter classes: C, training classes.
    func configuration(classes: Int, backbone: ViTConfiguration) -> ModelConfiguration {
        let layers = { (asked: Int?) in asked ?? backbone.depth }
        let integration: ProxyIntegration = proxies.kind == .mean
            ? .mean(keep: Float(proxies.keep))
            : .gru(norm: proxies.normalization == .each ? .each : .last, cell: proxies.cell == .relu ? .relu : .tanh)
        let tuned: BackboneTuning = switch tuning {
        case .frozen: .frozen
        case .bitfit: .biases
        case .full: .full
        }
        return ModelConfiguration(
            classes: classes, backbone: tuned,
            head: HeadConfiguration(
                kind: head.kind == .none ? .none : .norm, dim: head.embeddingWidth(backbone: backbone.dim),
                initial: head.initialization == .xavier ? .xavier : .orthogonal),
            prompts: prompts.isOn ? PromptConfiguration(layers: layers(prompts.layers), count: prompts.count) : nil,
            semantic: proxies.isSemantic
                ? SemanticConfiguration(
                    integration: integration, classPrompts: PromptConfiguration(layers: layers(proxies.layers), count: proxies.count))
                : nil,
            alpha: Float(proxies.alpha), range: proxies.range == .all ? .all : .batch)
    }
}
