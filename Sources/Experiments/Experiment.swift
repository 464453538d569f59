internal import Foundation
internal import ImageData
public import MessagePassing
internal import MetricLearning
internal import TensorEngine
internal import VisionTransformers

/// What a specification describes, built as far as it was needed: backbone and data are loaded once and kept while the
/// parts of the specification that they come from stay the same.
///
///     let experiment = Experiment()
///     experiment.specification.backbone = BackboneSpecification(name: "vit-nano")
///     experiment.specification.data = DataSpecification(name: "glyphs")
///     let outcome = try experiment.train(runs: "runs", texts: texts)
///     let result = try experiment.evaluate()
public final class Experiment {
    /// What the commands before `train` set. Changing it costs nothing until something is asked for.
    public var specification = ExperimentSpecification()

    var backbone: LoadedBackbone?
    var data: LoadedData?
    /// The model that was trained or restored last, with the settings it was made with.
    var trained: TrainedModel?
    /// The run that the next `train` goes on with: restored, or stopped before its end.
    var continued: ContinuedRun?
    /// Embeddings that `search` looked through last.
    var gallery: SearchGallery?
    /// The index that `search` looked in last.
    var lastIndex: KnownIndex?
    var knownEngine: Engine?
    /// Of `products=measured`, as far as they were needed.
    var knownChoices: ProductChoices = [:]
    /// Processes that carry out the same statements and share training and evaluation; nil for this one alone.
    public package(set) var group: ProcessGroup?

    /// - Parameter group: that this process was started in
    public init(group: ProcessGroup? = nil) { self.group = group }

    struct TrainedModel {
        let model: MetricModel
        let settings: ModelSettings
        let backboneIdentity: String
        /// On which a random backbone depends.
        let seed: UInt64
        /// The run that it is a model of; nil for one from a file of its own.
        var run: RunModel?
    }

    struct ContinuedRun {
        let folder: RunFolder
        /// Of the run, as its manifest has it.
        let specification: ExperimentSpecification
    }

    // MARK: Parts, built when asked for

    /// Threads that work.
    public var threads: Int { specification.threads ?? group?.threads ?? ProcessInfo.processInfo.activeProcessorCount }

    func engine() throws -> Engine {
        let wanted = (specification.precision ?? .standard).effective
        let choices = wanted.products == .measured ? try productChoices() : [:]
        if let knownEngine, knownEngine.pool.threads == threads, knownEngine.precision == wanted.precision, knownEngine.library == wanted.library,
            knownEngine.choices == choices
        {
            return knownEngine
        }
        let engine = try Engine(threads: threads, precision: wanted.precision, library: wanted.library, choices: choices)
        if let knownEngine, knownEngine.productIdentity != engine.productIdentity { gallery = nil }
        knownEngine = engine
        return engine
    }

    /// Loads the specification's backbone, unless it is there already.
    @discardableResult
    public func loadBackbone() throws -> BackboneSummary { try readyBackbone().summary }

    /// Lists the specification's pictures, unless they are there already.
    @discardableResult
    public func loadData() throws -> DataSummary { try readyData().summary }

    /// What is loaded, without loading anything.
    public var backboneSummary: BackboneSummary? { backbone.flatMap { isCurrent($0) ? $0.summary : nil } }
    public var dataSummary: DataSummary? { data.flatMap { $0.specification == specification.data ? $0.summary : nil } }

    private func isCurrent(_ backbone: LoadedBackbone) -> Bool {
        backbone.specification == specification.backbone && (!backbone.isRandom || backbone.seed == specification.seed)
    }

    func readyBackbone() throws -> LoadedBackbone {
        guard let wanted = specification.backbone else {
            throw ExperimentError(.state, "no model is loaded", help: ["load vit-nano"])
        }
        if let backbone, isCurrent(backbone) { return backbone }
        let loaded = try reading { try LoadedBackbone(wanted, seed: specification.seed) }
        backbone = loaded
        return loaded
    }

    func readyData() throws -> LoadedData {
        guard let wanted = specification.data else {
            throw ExperimentError(.state, "no data set is chosen", help: ["data glyphs"])
        }
        if let data, data.specification == wanted { return data }
        let loaded = try reading { try LoadedData(wanted, threads: threads) }
        data = loaded
        return loaded
    }

    // MARK: The model at hand

    /// True when a trained or restored model fits the specification: what `eval`, `search`, `embed` and `save` use.
    public var hasTrainedModel: Bool { currentModel != nil }

    /// True when there is a trained model that the specification has moved away from.
    public var hasOutdatedModel: Bool { trained != nil && currentModel == nil }

    var currentModel: TrainedModel? {
        guard let trained, trained.settings.describesSameModel(as: ModelSettings(specification)) else { return nil }
        // With another seed random weights are another backbone.
        if trained.settings.backbone?.isRandom == true, trained.seed != specification.seed { return nil }
        return trained
    }

    /// A new model from the seed, for the data's training classes.
    func freshModel() throws -> TrainedModel {
        let backbone = try readyBackbone()
        let settings = ModelSettings(specification)
        let model = try makeModel(settings, classes: try readyData().dataset.trainClasses.count)
        return TrainedModel(model: model, settings: settings, backboneIdentity: backbone.identity, seed: specification.seed)
    }

    func makeModel(_ settings: ModelSettings, classes: Int) throws -> MetricModel {
        let backbone = try readyBackbone()
        try specification.validate(depth: backbone.configuration.depth)
        try specification.validateModel()
        return try MetricModel(
            settings.configuration(classes: classes, backbone: backbone.configuration), backbone: backbone.network(tuning: settings.tuning),
            loss: settings.loss.function, seed: specification.seed)
    }

    func transforms() throws -> (training: ImageTransform, evaluation: ImageTransform) {
        try specification.augmentation.transforms(for: specification.data, image: readyBackbone().configuration.image)
    }
}
