internal import MetricLearning
internal import TensorFiles
internal import VisionTransformers

/// The part of a specification that says what a model is; two specifications that agree in it can use each other's models.
struct ModelSettings: Codable, Equatable, Sendable {
    var backbone: BackboneSpecification?
    var prompts: PromptSpecification
    var proxies: ProxySpecification
    var head: HeadSpecification
    var tuning: TuningSpecification
    /// Says how many proxies a class has, and where embeddings are compared.
    var loss: LossSpecification
    var adapter: AdapterSpecification?
    var lora: LowRankSpecification?

    init(_ specification: ExperimentSpecification) {
        backbone = specification.backbone
        prompts = specification.prompts
        proxies = specification.proxies
        head = specification.head
        tuning = specification.tuning
        loss = specification.loss
        adapter = specification.adapter
        lora = specification.lora
    }

    /// Whether a model of these settings is one of the others too: all but the loss are equal, and the losses agree in
    /// what they make of a model.
    func describesSameModel(as other: ModelSettings) -> Bool {
        var core = other
        core.loss = loss
        return self == core && loss.proxiesPerClass == other.loss.proxiesPerClass && loss.function.space == other.loss.function.space
    }

    /// SHA-256 of what makes the model another one; where its backbone's file lies does not.
    func identity(classes: Int, backboneIdentity: String) throws -> String {
        struct Identity: Encodable {
            var settings: ModelSettings
            var classes: Int
            var backbone: String
        }
        var settings = self
        settings.backbone = nil
        return try SHA256.hash(bytes: JSONFile.encode(Identity(settings: settings, classes: classes, backbone: backboneIdentity)))
    }

    func apply(to specification: inout ExperimentSpecification) {
        specification.backbone = backbone
        specification.prompts = prompts
        specification.proxies = proxies
        specification.head = head
        specification.tuning = tuning
        specification.loss = loss
        specification.adapter = adapter
        specification.lora = lora
    }

    /// The same in the terms of MetricLearning.
    /// - Parameter classes: C, training classes.
    func configuration(classes: Int, backbone: ViTConfiguration) -> ModelConfiguration {
        let layers = { (asked: Int?) in asked ?? backbone.depth }
        let integration: ProxyIntegration = proxies.integration == .mean
            ? .mean(keep: Float(proxies.keep))
            : .gru(norm: proxies.normalization == .each ? .each : .last, cell: proxies.cell == .relu ? .relu : .tanh, dropout: Float(proxies.dropout))
        return ModelConfiguration(
            classes: classes, backbone: tuning.ofBackbone,
            head: HeadConfiguration(
                kind: head.kind == .none ? .none : head.normalization == .layer ? .norm : .linear, dim: head.embeddingWidth(backbone: backbone.dim),
                initial: head.initialization == .xavier ? .xavier : .orthogonal),
            prompts: prompts.configuration(depth: backbone.depth), adapters: adapter?.configuration(depth: backbone.depth),
            lowRank: lora?.configuration(depth: backbone.depth),
            semantic: proxies.isSemantic
                ? SemanticConfiguration(
                    integration: integration,
                    classPrompts: proxies.hasClassPrompts ? PromptConfiguration(layers: layers(proxies.layers), count: proxies.count, step: proxies.step) : nil,
                    simplePrompts: proxies.simplePrompts == .generic ? .generic : .none,
                    update: proxies.update == .touched ? .touched : .dense)
                : nil,
            alpha: Float(proxies.alpha), range: proxies.range == .all ? .all : .batch)
    }
}
