import TensorEngine
import VisionTransformers

/// Settings of the proxies that images of a class make through prompts of that class.
public struct SemanticConfiguration: Codable, Equatable, Sendable {
    /// What the second pass runs under where classes have no prompts of their own (method section 4, `simple`).
    public enum SimplePrompts: String, Codable, Sendable, CaseIterable {
        /// The prompts that all images share: the batch's own features, for which nothing is computed twice.
        case generic
        case none
    }

    /// Which class prompts a step moves.
    public enum Update: String, Codable, Sendable, CaseIterable {
        /// All, as one ordinary parameter of the optimiser.
        case dense
        /// Those of the batch's classes, which live in a ``ClassPromptStore``.
        case touched
    }

    public var integration: ProxyIntegration
    /// Tokens of each class; nil for `simple` proxies.
    public var classPrompts: PromptConfiguration?
    /// Of `simple` proxies.
    public var simplePrompts: SimplePrompts
    public var update: Update

    public init(
        integration: ProxyIntegration = .gru(), classPrompts: PromptConfiguration? = PromptConfiguration(layers: 12, count: 3),
        simplePrompts: SimplePrompts = .generic, update: Update = .dense
    ) {
        (self.integration, self.classPrompts) = (integration, classPrompts)
        (self.simplePrompts, self.update) = (simplePrompts, update)
    }
}

/// Semantic proxies: class prompts, a head of their own, one stored unit row a class, and how a batch updates it.
public final class SemanticProxies {
    public let configuration: SemanticConfiguration
    /// `proxy.prompts.<layer>` (C, m, D); none with `update=touched`.
    public let prompts: [Parameter]
    /// The class prompts of `update=touched`.
    public let rows: ClassPromptRows?
    /// `proxy.head.*`
    public let head: Head
    /// `container` (C, E), unit rows: saved with the model, moved by batches and by no optimiser.
    public let container: Parameter
    private let gru: ProxyGRU?

    public var parameters: [Parameter] { prompts + aboveBackbone }
    /// What works on the second pass's features.
    var aboveBackbone: [Parameter] { head.parameters + (gru?.parameters ?? []) }

    init(_ configuration: SemanticConfiguration, head headConfiguration: HeadConfiguration, classes: Int, backbone: ViTConfiguration, seed: UInt64) throws {
        self.configuration = configuration
        rows = try configuration.update == .touched
            ? configuration.classPrompts.map { try ClassPromptRows($0, classes: classes, width: backbone.dim, depth: backbone.depth) } : nil
        prompts = try rows != nil ? [] : configuration.classPrompts?.parameters(
            groups: classes, width: backbone.dim, depth: backbone.depth, prefix: "proxy.prompts", seed: seed) ?? []
        head = try Head(headConfiguration, width: backbone.dim, prefix: "proxy.head", seed: seed)
        let directions = Initialization.xavierUniform([classes, head.dim], seed: seed, name: "container")
        container = Parameter(name: "container", value: try Self.unitRows(directions))
        switch configuration.integration {
        case .mean(let keep):
            guard 0...1 ~= keep else { throw MetricLearningError("keep is \(keep); expected 0 to 1") }
            gru = nil
        case .gru(_, _, let dropout):
            guard 0..<1 ~= dropout else { throw MetricLearningError("dropout is \(dropout); expected 0 up to below 1") }
            gru = ProxyGRU(dim: head.dim, seed: seed)
        }
    }

    /// The prompts of the images' classes; nil where classes have none.
    func promptSet(labels: [Int]) -> PromptSet? {
        rows.map { $0.promptSet(labels) } ?? (prompts.isEmpty ? nil : PromptSet(perClass: prompts, labels: labels))
    }

    /// The batch's classes in order of appearance, and how many images each has.
    struct Groups {
        let classes: [Int]
        let size: Int

        /// - Throws: `MetricLearningError` unless labels come in runs of one length, each class once.
        init(labels: [Int], classes count: Int) throws {
            if let wrong = labels.first(where: { $0 < 0 || $0 >= count }) {
                throw MetricLearningError("label \(wrong) is not one of the \(count) training classes")
            }
            let size = labels.prefix { $0 == labels.first }.count
            guard size > 0, labels.count % size == 0 else { throw MetricLearningError("a batch for semantic proxies needs runs of equal labels") }
            let heads = stride(from: 0, to: labels.count, by: size).map { labels[$0] }
            guard Set(heads).count == heads.count, labels.indices.allSatisfy({ labels[$0] == heads[$0 / size] }) else {
                throw MetricLearningError("a batch for semantic proxies needs each class once, in one run of \(size) images")
            }
            (classes, self.size) = (heads, size)
        }
    }

    /// The batch's updated proxies, (G, E) unit rows, which are also stored in the container.
    ///
    /// - Parameters:
    ///   - features: of the batch's second pass, (B, D)
    ///   - place: of the batch in its training, for dropout
    func update(features: Variable, groups: Groups, place: BatchPlace, tape: Tape) throws -> Variable {
        let made = tape.normalizeRows(try head(features, tape: tape))
        // The gradient stops at what earlier batches stored.
        let stored = try tape.gatherRows(tape.constant(container.value), indices: groups.classes)
        let updated = tape.normalizeRows(try integrated(made, into: stored, size: groups.size, place: place, tape: tape))
        container.value = try tape.replaceRows(tape.constant(container.value), indices: groups.classes, with: tape.constant(updated.value)).value
        return updated
    }

    private func integrated(_ made: Variable, into stored: Variable, size: Int, place: BatchPlace, tape: Tape) throws -> Variable {
        switch configuration.integration {
        case .mean(let keep):
            return try tape.add(tape.scale(stored, by: keep), tape.scale(tape.meanOfGroups(made, size: size), by: 1 - keep))
        case .gru(let norm, let cell, let dropout):
            guard let gru else { throw MetricLearningError("these proxies were made without a recurrent unit") }
            var state = stored
            var drawn = place.stream(.dropout)
            for position in 0..<size {
                let input = try tape.selectInGroups(made, size: size, position: position)
                state = try gru.step(input: input, state: state, cell: cell, tape: tape)
                if dropout > 0 { state = try tape.dropout(state, rate: dropout, stream: &drawn) }
                if norm == .each { state = tape.normalizeRows(state) }
            }
            return state
        }
    }

    private static func unitRows(_ tensor: Tensor) throws -> Tensor {
        let result = tensor.copy()
        let width = result.width
        for row in 0..<result.rowCount {
            var square: Float = 0
            for i in row * width..<(row + 1) * width { square += result.pointer[i] * result.pointer[i] }
            let inverse = 1 / max(square.squareRoot(), 1e-12)
            for i in row * width..<(row + 1) * width { result.pointer[i] *= inverse }
        }
        return result
    }
}
