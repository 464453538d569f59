import TensorEngine
import VisionTransformers

/// A backbone with everything that turns it into an embedding network and trains it: prompts, head, proxies, loss.
public final class MetricModel {
    public let configuration: ModelConfiguration
    public let backbone: VisionTransformer
    public let loss: any Loss
    public let head: Head
    /// `prompts.<layer>` (1, n, D); layer 0 alone for shallow prompts.
    public let prompts: [Parameter]
    /// O, `proxies` (C x proxies a class, E); nil for a loss over pairs.
    public let proxies: Parameter?
    public let semantic: SemanticProxies?

    /// Makes the model's own tensors from the seed and says which of the backbone's learn.
    /// - Throws: `MetricLearningError` when the settings do not fit each other or the backbone.
    public init(_ configuration: ModelConfiguration, backbone: VisionTransformer, loss: any Loss = ProxyAnchorLoss(), seed: UInt64) throws {
        guard configuration.classes >= 1 else { throw MetricLearningError("\(configuration.classes) training classes; expected 1 or more") }
        guard 0...1 ~= configuration.alpha else { throw MetricLearningError("alpha is \(configuration.alpha); expected 0 to 1") }
        if configuration.semantic != nil, loss.proxiesPerClass != 1 {
            throw MetricLearningError("semantic proxies need a loss with one proxy a class; this one has \(loss.proxiesPerClass)")
        }
        let vit = backbone.configuration
        self.configuration = configuration
        var insertions = BlockInsertions()
        insertions.adapters = try configuration.adapters?.adapters(backbone: vit, seed: seed) ?? [:]
        insertions.updates = try configuration.lowRank?.updates(backbone: vit, seed: seed) ?? [:]
        self.backbone = insertions.parameters.isEmpty ? backbone : VisionTransformer(backbone, insertions: insertions)
        self.loss = loss
        head = try Head(configuration.head, width: vit.dim, prefix: "head", seed: seed)
        prompts = try configuration.prompts?.parameters(groups: 1, width: vit.dim, depth: vit.depth, prefix: "prompts", seed: seed) ?? []
        semantic = try configuration.semantic.map {
            try SemanticProxies($0, head: configuration.head, classes: configuration.classes, backbone: vit, seed: seed)
        }
        let rows = configuration.classes * loss.proxiesPerClass
        proxies = rows == 0 ? nil : Parameter(
            name: "proxies", value: Initialization.xavierUniform([rows, head.dim], seed: seed, name: "proxies", gain: 0.125), isTrainable: true)
        backbone.tune(configuration.backbone)
    }

    // MARK: What it consists of

    /// All parameters, the backbone's first.
    public var parameters: [Parameter] { backbone.parameters + ownParameters }
    public var trainableParameters: [Parameter] { parameters.filter(\.isTrainable) }
    /// Values that learn, the number of the paper's table.
    public var trainableCount: Int { trainableParameters.reduce(semantic?.rows?.count ?? 0) { $0 + $1.value.count } }
    /// What a step leaves gradients in: `trainableParameters`, and with `update=touched` the class prompts of the batch.
    public var steppedParameters: [Parameter] { trainableParameters + (semantic?.rows?.batch ?? []) }
    /// Saved with the model and moved by no optimiser.
    public var buffers: [Parameter] { semantic.map { [$0.container] + ($0.rows.map { [$0.versions] } ?? []) } ?? [] }

    private var ownParameters: [Parameter] {
        prompts + backbone.insertions.parameters + head.parameters + (proxies.map { [$0] } ?? []) + (semantic?.parameters ?? [])
    }

    /// The optimiser's groups: everything that learns with one rate, the two heads and the proxies O with their own.
    /// - Parameter headRate: of `head` and `proxy.head`; nil for that of everything else
    public func parameterGroups(rate: Double, headRate: Double? = nil, proxyRate: Double, weightDecay: Double = 0) -> [ParameterGroup] {
        let heads = Set((head.parameters + (semantic?.head.parameters ?? [])).map { ObjectIdentifier($0) })
        let isHead = { (parameter: Parameter) in headRate != nil && heads.contains(ObjectIdentifier(parameter)) }
        let learning = trainableParameters.filter { $0 !== proxies }
        var groups = [ParameterGroup(learning.filter { !isHead($0) }, rows: semantic?.rows, rate: rate, weightDecay: weightDecay)]
        if let headRate { groups.append(ParameterGroup(learning.filter(isHead), rate: headRate, weightDecay: weightDecay)) }
        if let proxies, proxies.isTrainable { groups.append(ParameterGroup([proxies], rate: proxyRate, weightDecay: weightDecay)) }
        return groups
    }

    // MARK: What it computes

    /// Where this model's embeddings lie: the loss says it.
    public var space: EmbeddingSpace { loss.space }

    /// Embeddings (B, E) of images (B, 3, side, side): unit rows, or points of the loss's ball. Keeps nothing for a backward pass.
    public func embed(images: Tensor, engine: Engine) throws -> Tensor { try outputs(images: images, engine: engine).embeddings }

    /// What images become on their way to an embedding.
    public struct Outputs {
        /// (B, D), the backbone's CLS token after its last norm, prompts included.
        public let features: Tensor
        /// (B, E), as the head gives it.
        public let head: Tensor
        /// (B, E), unit rows or points of the loss's ball.
        public let embeddings: Tensor
    }

    /// All of it for images (B, 3, side, side). Keeps nothing for a backward pass.
    public func outputs(images: Tensor, engine: Engine) throws -> Outputs {
        let tape = Tape(engine: engine, recording: false)
        let features = try features(backbone.tokens(images: images, tape: tape), tape)
        let raw = try head(features, tape: tape)
        return Outputs(features: features.value, head: raw.value, embeddings: space.points(raw, tape).value)
    }

    public struct Step {
        public let loss: Float
        /// (B, E), unit rows or points of the loss's ball.
        public let embeddings: Tensor
        /// Q, the proxies that entered the loss, (C, E) or, for `range=batch`, (classes of the batch, E), unit rows;
        /// nil without semantic proxies.
        public let classProxies: Tensor?
    }

    /// The loss of a batch, its gradients added to the parameters', and the batch's semantic proxies stored.
    ///
    /// A loss that is not finite leaves gradients as they were.
    /// - Parameters:
    ///   - images: (B, 3, side, side)
    ///   - labels: 0 up to below C; with semantic proxies each class once, in runs of one length
    ///   - place: of the batch in its training, for what the step draws at random
    public func step(images: Tensor, labels: [Int], place: BatchPlace = BatchPlace(), engine: Engine) throws -> Step {
        guard images.shape.first == labels.count else {
            throw MetricLearningError("a batch has images of shape \(images.shape) and \(labels.count) labels")
        }
        let groups = try semantic.map { _ in try SemanticProxies.Groups(labels: labels, classes: configuration.classes) }
        if let groups { try semantic?.rows?.load(groups.classes, group: nil, engine: engine) }
        let tape = Tape(engine: engine)
        let features = try self.features(images: images, labels: labels, tape: tape)
        return try objective(features, labels: labels, groups: groups, place: place, tape: tape)
    }

    /// What the backbone makes of a batch's images: (B, D) under the shared prompts, and under the prompts of the
    /// images' classes (under none, for `simple` proxies without prompts); the second is nil where semantic proxies take the
    /// first, or there are none.
    struct Features {
        var shared: Variable
        var ofClasses: Variable?
    }

    /// - Parameter aside: where what the way back needs is put, of a pass by its number
    func features(images: Tensor, labels: [Int], puttingAside aside: ((Int) -> BlockInputs)? = nil, tape: Tape) throws -> Features {
        let tokens = try backbone.tokens(images: images, puttingAside: aside?(0), tape: tape)
        let all = try passes(labels: labels).enumerated().map { index, prompts in
            try backbone.features(tokens, prompts: prompts, puttingAside: aside?(index), tape: tape)
        }
        return Features(shared: all[0], ofClasses: all.count > 1 ? all[1] : nil)
    }

    /// The prompts of each pass over images of these classes: the shared ones (or none), and then those that semantic proxies want.
    func passes(labels: [Int]) -> [PromptSet?] {
        if let semantic, let prompts = semantic.promptSet(labels: labels) { return [promptSet, prompts] }
        if let semantic, semantic.configuration.simplePrompts == .none, !prompts.isEmpty { return [promptSet, nil] }
        return [promptSet]
    }

    /// Everything after the backbone, on matrices of B rows: heads, proxies, loss, and its gradients, which are added to
    /// the parameters' when the loss is finite.
    func objective(_ features: Features, labels: [Int], groups: SemanticProxies.Groups?, place: BatchPlace, tape: Tape) throws -> Step {
        let raw = try head(features.shared, tape: tape)
        let embeddings = space.points(raw, tape)
        var (rows, targets): (Variable?, [Int]) = (proxies.map(tape.parameter), labels)
        if let semantic, let groups {
            let updated = try semantic.update(features: features.ofClasses ?? features.shared, groups: groups, place: place, tape: tape)
            (rows, targets) = try finalProxies(updated, semantic: semantic, groups: groups, labels: labels, tape: tape)
        }
        let value = try loss(embeddings: space == .sphere ? embeddings : raw, labels: targets, proxies: rows, place: place, tape: tape)
        let number = value.value.pointer[0]
        if number.isFinite { try tape.backward(from: value) }
        return Step(loss: number, embeddings: embeddings.value, classProxies: semantic == nil ? nil : rows?.value)
    }

    private func features(_ tokens: VisionTransformer.ImageTokens, _ tape: Tape) throws -> Variable {
        try backbone.features(tokens, prompts: promptSet, tape: tape)
    }

    private var promptSet: PromptSet? {
        guard let first = prompts.first else { return nil }
        return configuration.prompts?.placement == .shallow ? PromptSet(staying: first) : PromptSet(shared: prompts)
    }

    /// Q = normalize((1 - alpha) P + alpha O), over all classes or the batch's, and the labels' places among its rows.
    private func finalProxies(
        _ updated: Variable, semantic: SemanticProxies, groups: SemanticProxies.Groups, labels: [Int], tape: Tape
    ) throws -> (Variable?, [Int]) {
        guard let proxies else { return (nil, labels) }
        var learned = tape.parameter(proxies)
        var made = updated
        var targets = labels
        switch configuration.range {
        case .all: made = try tape.replaceRows(tape.constant(semantic.container.value), indices: groups.classes, with: updated)
        case .batch:
            learned = try tape.gatherRows(learned, indices: groups.classes)
            targets = labels.indices.map { $0 / groups.size }
        }
        let mixed = try tape.add(tape.scale(made, by: 1 - configuration.alpha), tape.scale(learned, by: configuration.alpha))
        return (tape.normalizeRows(mixed), targets)
    }
}

extension MetricModel {
    /// The tensors of a saved model under their documented names: the model's own, the container, and of the backbone
    /// what learns, or all of it.
    public func savedTensors(wholeBackbone: Bool = false) -> [(name: String, value: Tensor)] {
        (backbone.parameters.filter { wholeBackbone || $0.isTrainable } + ownParameters + buffers).map { ($0.name, $0.value) }
    }

    /// Takes up tensors that `savedTensors` named; backbone tensors that are not among them stay.
    /// - Throws: `MetricLearningError` naming the tensor that is missing, unknown, or of another shape (with both); then nothing has changed.
    public func restore(_ tensors: [String: Tensor]) throws {
        let own = ownParameters + buffers
        let targets = backbone.parameters + own
        for parameter in own where tensors[parameter.name] == nil {
            throw MetricLearningError("the saved model has no tensor `\(parameter.name)`; this model needs it with shape \(parameter.value.shape)")
        }
        let known = Set(targets.map(\.name))
        if let unknown = tensors.keys.sorted().first(where: { !known.contains($0) }) {
            throw MetricLearningError("the saved model has a tensor `\(unknown)` that this model does not have; it was made with other settings")
        }
        for parameter in targets {
            if let value = tensors[parameter.name], value.shape != parameter.value.shape {
                throw MetricLearningError("tensor `\(parameter.name)` has shape \(value.shape); this model needs \(parameter.value.shape)")
            }
        }
        for parameter in targets {
            if let value = tensors[parameter.name] { parameter.value = value.copy() }
        }
    }
}
