internal import Foundation
internal import MetricLearning
internal import TensorEngine
internal import TensorFiles

/// What `import` found in a checkpoint of the authors' program.
public struct ImportedCheckpoint: Equatable, Sendable {
    /// C, training classes.
    public var classes: Int
    /// Values taken.
    public var parameters: Int
    /// Tensors of the backbone that differ from the loaded one.
    public var tunedTensors: Int
    /// False when the semantic proxies of the classes are not in the file.
    public var hasContainer: Bool
    /// Tensors that have no place here, with the reason.
    public var unmapped: [String]
}

extension Experiment {
    /// Takes up a checkpoint of the authors' program as the trained model. What its tensors tell becomes the settings; what they do not
    /// (steps of prompts, alpha, keep, the recurrence's norm, cell and dropout) stays as it is set.
    /// - Throws: ``ExperimentError`` for another network, and for what has no counterpart here; then nothing has changed.
    public func importAuthors(from path: String) throws -> ImportedCheckpoint {
        let before = (specification, trained, continued)
        do {
            return try reading { try take(AuthorsCheckpoint(path: path)) }
        } catch let error as MetricLearningError {
            (specification, trained, continued) = before
            throw ExperimentError(.input, "\(path): \(error.description)")
        } catch {
            (specification, trained, continued) = before
            throw error
        }
    }

    private func take(_ file: AuthorsCheckpoint) throws -> ImportedCheckpoint {
        let backbone = try readyBackbone()
        let (changed, isBitFit) = try differences(of: file, from: backbone)
        let classes = try file.classes()
        specification.tuning = changed.isEmpty ? .frozen : isBitFit ? .bitfit : .full
        apply(file, depth: backbone.configuration.depth)
        try specification.validate(depth: backbone.configuration.depth)
        let settings = ModelSettings(specification)
        let counts = ParameterCounts(specification, backbone: backbone.configuration, classes: classes)
        try MemoryBudget.machine.check(
            Double(counts.total) * 4, for: "\(counts.total) values of the checkpoint", help: "import it on a machine with more memory")
        let model = try makeModel(settings, classes: classes)
        var tensors: [String: Tensor] = [:]
        var taken = 0
        for (name, value) in model.savedTensors() {
            guard let array = try file.tensor(name, shape: value.shape) else {
                tensors[name] = value
                continue
            }
            tensors[name] = try Tensor(array.values, shape: array.shape)
            taken += array.values.count
        }
        try model.restore(tensors)
        trained = TrainedModel(model: model, settings: settings, backboneIdentity: backbone.identity, seed: specification.seed)
        continued = nil
        specification.startsFrom = nil
        let ours = tensors.keys + backbone.configuration.tensorShapes.map { "backbone." + $0.name }
        return ImportedCheckpoint(
            classes: classes, parameters: taken, tunedTensors: changed.count, hasContainer: file.hasContainer || !specification.proxies.isSemantic,
            unmapped: file.unmapped(Array(ours)).map { "\($0.name.printable) (\($0.reason))" })
    }

    /// Names of the backbone's tensors that training has changed, and whether all of them are biases.
    private func differences(of file: AuthorsCheckpoint, from backbone: LoadedBackbone) throws -> (Set<String>, isBitFit: Bool) {
        var changed: Set<String> = []
        for (parameter, (name, shape)) in zip(backbone.network.parameters, backbone.configuration.tensorShapes) {
            guard let array = try file.tensor("backbone." + name, shape: shape) else { continue }
            if array.values != parameter.value.array() { changed.insert(name) }
        }
        return (changed, changed.allSatisfy { $0.hasSuffix("bias") })
    }

    /// The settings that the file's names and shapes tell.
    private func apply(_ file: AuthorsCheckpoint, depth: Int) {
        let (prompts, proxies) = (specification.prompts, specification.proxies)
        specification.prompts = file.prompts("prompts").map {
            PromptSpecification(layers: $0.layers == depth ? nil : $0.layers, count: $0.count, step: prompts.isOn && prompts.placement == .deep ? prompts.step : 0)
        } ?? PromptSpecification(isOn: false)
        specification.head = file.embedding.map { HeadSpecification(dim: $0) } ?? HeadSpecification(kind: .none)
        (specification.adapter, specification.lora) = (nil, nil)
        if specification.loss.proxiesPerClass != 1 { specification.loss = .standard }
        specification.proxies.update = .dense
        guard file.hasProxyHead else {
            specification.proxies.kind = .none
            return
        }
        if let classPrompts = file.prompts("p_prompts") {
            specification.proxies.kind = file.hasRecurrence ? .gru : .mean
            specification.proxies.layers = classPrompts.layers == depth ? nil : classPrompts.layers
            specification.proxies.count = classPrompts.count
            specification.proxies.step = proxies.hasClassPrompts ? proxies.step : 0
        } else {
            specification.proxies.kind = .simple
            specification.proxies.simpleIntegration = file.hasRecurrence ? .gru : .mean
        }
    }
}
