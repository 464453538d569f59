internal import Foundation
internal import ImageData
internal import MessagePassing
internal import MetricLearning
internal import TensorEngine
internal import VisionTransformers

/// Moves a model through its epochs. All that a step depends on is the state that a ``Checkpoint`` holds, and numbers
/// that are functions of seed, epoch and item: a trainer that takes up a checkpoint goes on to the same bytes.
final class Trainer {
    let model: MetricModel
    let engine: Engine
    private let specification: ExperimentSpecification
    private let options: TrainingOptions
    private let items: [DatasetItem]
    private let cache: ImageCache
    private let transform: ImageTransform
    private let threads: Int
    private let sampler: ClassBalancedSampler
    private let optimizer: Optimizer
    private let rate: (Double, Int) throws -> Double
    private let clipping: GradientClipping?
    private let group: ProcessGroup?
    /// For what enters the network's blocks, with `memory=low`.
    private let inputs: BlockInputFile?

    /// The next step.
    private(set) var position = TrainingPosition(epoch: 0, step: 0)
    /// Sum of the losses of the epoch's steps so far.
    private(set) var lossSum = 0.0
    /// Mean loss of the last epoch that is over, or of the steps of the one begun.
    private(set) var meanLoss = 0.0

    init(model: MetricModel, specification: ExperimentSpecification, data: LoadedData, transform: ImageTransform, group: ProcessGroup?, engine: Engine) throws {
        self.model = model
        self.group = group
        self.engine = engine
        self.specification = specification
        options = specification.training
        items = data.dataset.train
        cache = data.cache
        self.transform = transform
        threads = engine.pool.threads
        try options.validate(classSizes: data.trainingClassSizes)
        sampler = try ClassBalancedSampler(labels: items.map(\.label), batchSize: options.batch, perClass: options.perClass)
        optimizer = try specification.optimizer.optimizer(for: model, engine: engine)
        rate = try specification.schedule.rate(length: options.epochs)
        clipping = specification.optimizer.gradientClipping
        inputs = options.isFrugal ? try BlockInputFile(folder: BlockInputSpace.folder) : nil
        if specification.schedule.freezeEpochs > 0, !model.learnsInsideBackbone {
            throw ExperimentError(
                .specification, "schedule freeze-epochs=\(specification.schedule.freezeEpochs) holds prompts and backbone still, but nothing of them is trained anyway",
                help: ["leave freeze-epochs out, or add what it holds: `prompts`, `tune bitfit`, `method vptsp-g`"])
        }
    }

    var stepsPerEpoch: Int { sampler.batchesPerEpoch }

    /// Steps that lie behind the next one, those of earlier epochs counted in.
    var stepsDone: Int { position.epoch * stepsPerEpoch + position.step }

    /// Steps in all: the epochs', or fewer where the options say so.
    var stepsWanted: Int {
        let (all, overflow) = options.epochs.multipliedReportingOverflow(by: stepsPerEpoch)
        return min(overflow ? .max : all, options.steps ?? .max)
    }

    var isOver: Bool { stepsDone >= stepsWanted }

    // MARK: State

    /// The model's tensors and the optimiser's memory.
    var tensors: [String: Tensor] {
        Dictionary(model.savedTensors() + optimizer.state, uniquingKeysWith: { first, _ in first })
    }

    func take(_ checkpoint: Checkpoint) throws {
        guard checkpoint.position.step < stepsPerEpoch else {
            throw ExperimentError(
                .input, "the checkpoint stands at step \(checkpoint.position.step) of an epoch that has \(stepsPerEpoch)",
                help: ["batch, per-class and data must be those of the run"])
        }
        try model.restore(checkpoint.modelTensors)
        model.bank?.goBack()
        try optimizer.restore(checkpoint.tensors)
        position = checkpoint.position
        lossSum = checkpoint.lossSum
        meanLoss = checkpoint.meanLoss
    }

    // MARK: Work

    /// Trains on from `position` to the end of its epoch, or to where `steps` or `shouldStop` end it.
    /// - Parameter onStep: told of each step that is done.
    /// - Throws: ``Divergence`` when a loss is not a number; the model is then of no use.
    func finishEpoch(onStep: (StepRecord) throws -> Void, shouldStop: () -> Bool) throws {
        let epoch = position.epoch
        let batches = sampler.batches(seed: specification.seed, epoch: epoch)[position.step...]
        let feed = EpochFeed(
            items: items, batches: Array(batches), options: options, group: group, inputs: inputs, transform: transform, seed: specification.seed, epoch: epoch,
            threads: threads, cache: cache)
        defer { feed.cancel() }
        let rates = (try rate(specification.optimizer.rate, epoch), try rate(specification.optimizer.proxyRate, epoch))
        while position.epoch == epoch, !isOver, !shouldStop() {
            let began = Date()
            let sentBefore = group?.bytesSent
            guard let value = try step(feed, epoch: epoch) else { break }
            let record = StepRecord(
                epoch: epoch, step: position.step, loss: value, rate: rates.0, proxyRate: rates.1, seconds: -began.timeIntervalSinceNow,
                sent: group.map { $0.bytesSent - (sentBefore ?? 0) })
            lossSum += value
            position.step += 1
            meanLoss = lossSum / Double(position.step)
            if position.step == stepsPerEpoch {
                position = TrainingPosition(epoch: epoch + 1, step: 0)
                lossSum = 0
            }
            try onStep(record)
        }
    }

    private func step(_ feed: EpochFeed, epoch: Int) throws -> Double? {
        let place = BatchPlace(seed: specification.seed, epoch: epoch, step: position.step)
        let step = try model.holdingBackbone(epoch < specification.schedule.freezeEpochs) { try feed.step(model, place: place, engine: engine) }
        guard let loss = step.map({ Double($0.loss) }) else { return nil }
        guard loss.isFinite else { throw Divergence(epoch: epoch, step: position.step, what: loss.isNaN ? "the loss is not a number" : "the loss is infinite") }
        clipping?.apply(to: model.steppedParameters)
        // A schedule throws only for settings that were checked before the first step.
        try optimizer.step { base in (try? self.rate(base, epoch)) ?? base }
        optimizer.clearGradients()
        guard model.semantic?.rows?.isFinite ?? true else {
            throw Divergence(epoch: epoch, step: position.step, what: "a class prompt is no number")
        }
        return loss
    }

    /// - Throws: ``Divergence`` when a trained value is not a number, so that no such state replaces a good checkpoint.
    func checkFinite() throws {
        for (name, value) in model.savedTensors() where !value.isFinite {
            throw Divergence(epoch: position.epoch, step: position.step, what: "`\(name)` holds values that are no numbers")
        }
    }
}

/// Training left the realm of numbers.
struct Divergence: Error {
    var epoch: Int
    var step: Int
    var what: String
}
