internal import Foundation
internal import MetricLearning
internal import TensorFiles

/// One call of `train`: steps, events, checkpoints, evaluations, in the order in which they must be safe on disk.
final class TrainingSession {
    private let experiment: Experiment
    private let folder: RunFolder
    private let trainer: Trainer
    private let made: Experiment.TrainedModel
    private let log: EventLog
    private var metrics: RunMetrics
    private let observer: (any TrainingObserver)?
    private let began = Date()
    /// Where the checkpoint on disk stands; nil before the first.
    private var saved: TrainingPosition?
    private var memory: PeakMemoryMeter
    private var clock: CheckpointClock

    private var options: TrainingOptions { experiment.specification.training }

    /// - Parameter isSaved: the trainer stands where the run's checkpoint does.
    init(
        experiment: Experiment, folder: RunFolder, trainer: Trainer, made: Experiment.TrainedModel, metrics: RunMetrics, isSaved: Bool,
        observer: (any TrainingObserver)?
    ) throws {
        self.experiment = experiment
        self.folder = folder
        self.trainer = trainer
        self.made = made
        self.metrics = metrics
        self.observer = observer
        log = try EventLog(path: folder.eventsPath, keepingBefore: trainer.position, isKept: folder.isKept)
        if isSaved { saved = trainer.position }
        clock = CheckpointClock(experiment.specification.training)
        memory = PeakMemoryMeter(earlier: metrics.peakMemory)
        // Those after the checkpoint will be made again. One that was due only as the last is not, when training now goes further.
        let formerEnd = (try? folder.manifest())?.specification.training.epochs
        self.metrics.evaluations.removeAll { record in
            guard let epoch = record.epoch else { return true }
            return epoch >= trainer.position.epoch || epoch + 1 == formerEnd && options.evaluateEvery != nil && !isDue(epoch)
        }
        self.metrics.outcome = nil
    }

    /// Whether training stops to evaluate after that epoch: after every so many, and after the last.
    private func isDue(_ epoch: Int) -> Bool {
        guard let every = options.evaluateEvery else { return false }
        return (epoch + 1) % every == 0 || epoch + 1 == options.epochs
    }

    /// What the run is, written before its first step.
    func writeRecord(texts: RunTexts, isNew: Bool) throws {
        guard folder.isKept else { return }
        let specification = experiment.specification
        if isNew { try folder.write(texts.script, to: "script.vps") }
        try folder.write(texts.resolved(experiment.resolvedForTraining), to: "resolved.vps")
        let engine = trainer.engine
        let earlier = isNew ? nil : try folder.manifest()
        var manifest = RunManifest(
            specification: specification, specificationHash: try experiment.resolvedForTraining.hash(), dataHash: try experiment.readyData().hash(),
            data: try experiment.readyData().summary,
            weightsHash: made.backboneIdentity, programHash: try ProgramIdentity.hash(), seed: specification.seed, threads: engine.pool.threads, processes: experiment.group?.count,
            processor: ProgramIdentity.processor, blasKernel: engine.productIdentity, products: engine.choices.isEmpty ? nil : engine.choices.texts,
            trainableParameters: made.model.trainableCount,
            backboneParameters: try experiment.readyBackbone().summary.parameters,
            started: ISO8601DateFormatter().string(from: began),
            startedFromHash: isNew ? try specification.startsFrom.map(SHA256.hash(file:)) : earlier?.startedFromHash)
        if let earlier, saved != nil { manifest = manifest.resuming(earlier, at: trainer.position) }
        try folder.write(manifest)
        try folder.write(metrics)
    }

    func run(untilEpoch end: Int? = nil, shouldStop: () -> Bool) throws -> TrainingOutcome {
        let data = try experiment.readyData()
        try tell(.began(TrainingPlan(
            run: folder.path, epochs: options.epochs, stepsPerEpoch: trainer.stepsPerEpoch, steps: trainer.stepsWanted, batch: options.batch,
            images: data.dataset.train.count, classes: data.dataset.trainClasses.count, trainableParameters: made.model.trainableCount,
            start: trainer.position, memoryEstimate: experiment.memoryEstimate ?? 0, microBatch: options.microBatchSize,
            processes: experiment.group?.count, bankBytes: made.model.bank?.header.stateSize, asideBytes: experiment.blockInputSpace()?.size)))
        memory.begin()
        do {
            try evaluateWhatIsMissing(shouldStop: shouldStop)
            while !trainer.isOver, trainer.position.epoch < end ?? .max, !shouldStop() { try epoch(shouldStop: shouldStop) }
            try checkpoint()
        } catch let divergence as Divergence {
            throw try diverged(divergence)
        } catch let error as TensorFileError {
            throw ExperimentError(.running, "\(error)", help: [whereItStands])
        }
        let outcome = try experiment.agreed {
            TrainingOutcome(
                run: folder.path, isComplete: trainer.isOver, position: trainer.position, steps: trainer.stepsDone, loss: trainer.meanLoss,
                seconds: -began.timeIntervalSinceNow, trainableParameters: made.model.trainableCount)
        }
        memory.end()
        metrics.peakMemory = memory.peak
        metrics.outcome = outcome
        try folder.write(metrics)
        try tell(.ended(outcome))
        return outcome
    }

    /// To the end of the epoch at hand, or to where training stops in it.
    private func epoch(shouldStop: () -> Bool) throws {
        let epoch = trainer.position.epoch
        let start = Date()
        try trainer.finishEpoch(
            onStep: { step in
                try tell(.step(step))
                // The end of an epoch is told first.
                if trainer.position.epoch == epoch, clock.isDue(steps: trainer.stepsDone, epochs: nil) { try checkpoint() }
            }, shouldStop: shouldStop)
        guard trainer.position.epoch > epoch else { return }
        try tell(.epoch(EpochRecord(epoch: epoch, loss: trainer.meanLoss, seconds: -start.timeIntervalSinceNow)))
        if clock.isDue(steps: trainer.stepsDone, epochs: epoch + 1) { try checkpoint() }
        if isDue(epoch) { try evaluate(after: epoch, shouldStop: shouldStop) }
    }

    /// A run that was stopped between an epoch's checkpoint and its evaluation makes up for it.
    private func evaluateWhatIsMissing(shouldStop: () -> Bool) throws {
        let last = trainer.position.epoch - 1
        guard trainer.position.step == 0, last >= 0, isDue(last), !metrics.evaluations.contains(where: { $0.epoch == last }) else { return }
        try evaluate(after: last, shouldStop: shouldStop)
    }

    /// Evaluates all parts or, when stopped, none; and keeps the model where it is the chosen or the best one so far.
    private func evaluate(after epoch: Int, shouldStop: () -> Bool) throws {
        memory.end()
        defer { memory.begin() }
        var records: [EvaluationRecord] = []
        for part in try experiment.readyData().evaluatedParts {
            var options = experiment.specification.evaluation
            options.part = part
            options.meanAveragePrecision = true
            do {
                for var record in try experiment.measure(options, model: made, progress: { _, _ in !shouldStop() }).map(\.record) {
                    record.epoch = epoch
                    records.append(record)
                }
            } catch is StoppedEarly {
                return
            }
        }
        metrics.evaluations += records
        // The model comes first: figures that name an epoch find its model.
        if metrics.wantedEpochs.contains(epoch) { try keepModel(after: epoch) }
        metrics.peakMemory = memory.peak
        try folder.write(metrics)
        removeUnwantedModels()
        for record in records { try tell(.evaluated(record)) }
    }

    private func keepModel(after epoch: Int) throws {
        guard folder.isKept else { return }
        do {
            _ = try ModelFile.write(
                made.model, settings: made.settings, seed: made.seed, backboneIdentity: made.backboneIdentity, wholeBackbone: false,
                to: folder.modelPath(epoch: epoch))
        } catch {
            throw ExperimentError(
                .running, describe(error),
                help: [saved.map { "the checkpoint at epoch \($0.epoch) step \($0.step) is still there" } ?? "nothing was saved yet"])
        }
    }

    /// Models stay that the figures name, and those that they would name when training were taken up from one of its checkpoints.
    private func removeUnwantedModels() {
        let checkpoints = folder.earlierPositions().map(\.epoch) + [saved?.epoch ?? 0]
        folder.removeModels(except: checkpoints.reduce(metrics.wantedEpochs) { $0.union(metrics.before(epoch: $1).wantedEpochs) })
    }

    private func checkpoint() throws {
        guard saved != trainer.position else { return }
        try trainer.checkFinite()
        guard folder.isKept else {
            saved = trainer.position
            clock.wrote()
            return
        }
        let checkpoint = Checkpoint(
            position: trainer.position, lossSum: trainer.lossSum, meanLoss: trainer.meanLoss, tensors: trainer.tensors, backbone: made.settings.backbone?.name ?? "",
            backboneIdentity: made.backboneIdentity, specificationHash: try experiment.resolvedForTraining.stateHash())
        do {
            // What the checkpoint refers to is on the disk before it.
            try log.sync()
            try made.model.bank?.sync()
            try folder.write(checkpoint, keeping: options.checkpointsKept, before: saved, bank: made.model.bank)
        } catch {
            throw ExperimentError(.running, describe(error), help: [whereItStands])
        }
        made.model.bank?.checkpointed()
        saved = trainer.position
        clock.wrote()
        removeUnwantedModels()
        try tell(.checkpoint(path: folder.checkpointPath, position: trainer.position))
    }

    /// What is safe when a file could not be written.
    private var whereItStands: String {
        saved.map {
            "the checkpoint before it, epoch \($0.epoch + 1) step \($0.step + 1), is still there: once it can be written, `vptsp resume \(folder.path)` goes on, `restore` and `train` too"
        } ?? "nothing was saved yet"
    }

    /// The loss is not a number: the model goes back to the last checkpoint, and the error says where it happened.
    private func diverged(_ divergence: Divergence) throws -> ExperimentError {
        var help = ["a smaller learning rate, `optim … clip-norm=1` or `schedule … warmup=1` usually helps"]
        if let saved {
            guard folder.isKept else { return ExperimentError(.running, "training stopped, as the first process says") }
            try trainer.take(Checkpoint(path: folder.checkpointPath))
            help.append("the checkpoint before step \(saved.step + 1) of epoch \(saved.epoch + 1) is kept: restore \"\(folder.path)\"")
        } else {
            experiment.trained = nil
            help.append("it happened before the first checkpoint, so there is nothing to go back to")
        }
        return ExperimentError(
            .running, "training stopped at step \(divergence.step + 1) of epoch \(divergence.epoch + 1): \(divergence.what)", help: help)
    }

    private func tell(_ event: TrainingEvent) throws {
        try log.append(event)
        observer?.receive(event)
    }
}
