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

    private var options: TrainingOptions { experiment.specification.training }

    init(
        experiment: Experiment, folder: RunFolder, trainer: Trainer, made: Experiment.TrainedModel, metrics: RunMetrics,
        observer: (any TrainingObserver)?
    ) throws {
        self.experiment = experiment
        self.folder = folder
        self.trainer = trainer
        self.made = made
        self.metrics = metrics
        self.observer = observer
        log = try EventLog(path: folder.eventsPath, keepingBefore: trainer.position)
        if trainer.stepsDone > 0 { saved = trainer.position }
        self.metrics.evaluations.removeAll { ($0.epoch ?? 0) >= trainer.position.epoch }
        self.metrics.outcome = nil
    }

    /// What the run is, written before its first step.
    func writeRecord(texts: RunTexts, isNew: Bool) throws {
        let specification = experiment.specification
        if isNew { try folder.write(texts.script, to: "script.vps") }
        try folder.write(texts.resolved(experiment.resolvedForTraining), to: "resolved.vps")
        let engine = trainer.engine
        let manifest = RunManifest(
            specification: specification, specificationHash: try experiment.resolvedForTraining.hash(), dataHash: try experiment.readyData().hash(),
            data: try experiment.readyData().summary,
            weightsHash: made.backboneIdentity, programHash: try ProgramIdentity.hash(), seed: specification.seed, threads: engine.pool.threads,
            processor: ProgramIdentity.processor, blasKernel: engine.blasKernel, trainableParameters: made.model.trainableCount,
            started: isNew ? ISO8601DateFormatter().string(from: began) : try folder.manifest().started,
            startedFromHash: isNew ? try specification.startsFrom.map(SHA256.hash(file:)) : try folder.manifest().startedFromHash)
        try folder.write(manifest)
        try folder.write(metrics)
    }

    func run(shouldStop: () -> Bool) throws -> TrainingOutcome {
        let data = try experiment.readyData()
        try tell(.began(TrainingPlan(
            run: folder.path, epochs: options.epochs, stepsPerEpoch: trainer.stepsPerEpoch, steps: trainer.stepsWanted, batch: options.batch,
            images: data.dataset.train.count, classes: data.dataset.trainClasses.count, trainableParameters: made.model.trainableCount,
            start: trainer.position, memoryEstimate: experiment.memoryEstimate ?? 0)))
        do {
            while !trainer.isOver, !shouldStop() { try epoch(shouldStop: shouldStop) }
            try checkpoint()
        } catch let divergence as Divergence {
            throw try diverged(divergence)
        }
        let outcome = TrainingOutcome(
            run: folder.path, isComplete: trainer.isOver, position: trainer.position, steps: trainer.stepsDone, loss: trainer.meanLoss,
            seconds: -began.timeIntervalSinceNow, trainableParameters: made.model.trainableCount)
        metrics.outcome = outcome
        try folder.write(metrics)
        try tell(.ended(outcome))
        return outcome
    }

    /// To the end of the epoch at hand, or to where training stops in it.
    private func epoch(shouldStop: () -> Bool) throws {
        let epoch = trainer.position.epoch
        let start = Date()
        try trainer.finishEpoch(onStep: { try tell(.step($0)) }, shouldStop: shouldStop)
        guard trainer.position.epoch > epoch else { return }
        try tell(.epoch(EpochRecord(epoch: epoch, loss: trainer.meanLoss, seconds: -start.timeIntervalSinceNow)))
        if let every = options.checkpointEvery, (epoch + 1) % every == 0 { try checkpoint() }
        if let every = options.evaluateEvery, (epoch + 1) % every == 0 { try evaluate(after: epoch, shouldStop: shouldStop) }
    }

    /// Validation classes where there are some, and the test classes; both, so that a table can show what choosing on
    /// the one gives on the other.
    private func evaluate(after epoch: Int, shouldStop: () -> Bool) throws {
        let parts: [EvaluationOptions.Part] = try experiment.readyData().dataset.validation.isEmpty ? [.test] : [.validation, .test]
        for part in parts {
            var options = experiment.specification.evaluation
            options.part = part
            options.meanAveragePrecision = true
            do {
                var record = try experiment.evaluate(options, model: made) { _, _ in !shouldStop() }
                record.epoch = epoch
                metrics.evaluations.append(record)
                try folder.write(metrics)
                try tell(.evaluated(record))
            } catch is StoppedEarly {
                return
            }
        }
    }

    private func checkpoint() throws {
        guard saved != trainer.position else { return }
        try trainer.checkFinite()
        let checkpoint = Checkpoint(
            position: trainer.position, lossSum: trainer.lossSum, tensors: trainer.tensors, backbone: made.settings.backbone?.name ?? "",
            backboneIdentity: made.backboneIdentity, specificationHash: try experiment.resolvedForTraining.stateHash())
        do {
            try checkpoint.write(to: folder.checkpointPath)
        } catch {
            throw ExperimentError(
                .running, describe(error),
                help: [saved.map { "the checkpoint before it, epoch \($0.epoch) step \($0.step), is still there" } ?? "nothing was saved yet"])
        }
        saved = trainer.position
        try tell(.checkpoint(path: folder.checkpointPath, position: trainer.position))
    }

    /// The loss is not a number: the model goes back to the last checkpoint, and the error says where it happened.
    private func diverged(_ divergence: Divergence) throws -> ExperimentError {
        var help = ["a smaller learning rate, `optim … clip-norm=1` or `schedule … warmup=1` usually helps"]
        if let saved {
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
