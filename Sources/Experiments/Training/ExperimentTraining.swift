internal import Foundation
internal import ImageData
internal import MetricLearning
internal import TensorEngine

/// The texts that a run keeps beside its figures.
public struct RunTexts: Sendable {
    /// The script as typed.
    public var script: String
    /// The specification, all of whose values are written out, as a script.
    public var resolved: @Sendable (ExperimentSpecification) -> String
    /// Its values by option, for those who show them in tables.
    public var values: @Sendable (ExperimentSpecification) -> [(name: String, text: String)]

    public init(
        script: String, resolved: @escaping @Sendable (ExperimentSpecification) -> String,
        values: @escaping @Sendable (ExperimentSpecification) -> [(name: String, text: String)] = { _ in [] }
    ) {
        self.script = script
        self.resolved = resolved
        self.values = values
    }
}

extension Experiment {
    /// Trains as the specification says, in a run folder of its own; or goes on with the run that was restored, or
    /// stopped before, while the specification is still that run's.
    ///
    /// - Parameters:
    ///   - runs: the folder that run folders lie in.
    ///   - end: epochs after which to end with a checkpoint, however many the specification asks for; the schedule is that
    ///     of the whole training.
    ///   - shouldStop: read between steps; true ends training with a checkpoint at exactly that place.
    /// - Returns: how it ended; `isComplete` is false when it was stopped.
    /// - Throws: ``ExperimentError`` for settings that do not go together, data that cannot fill a batch, a folder that
    ///   cannot be written (before any work), and a loss that is not a number (the last good checkpoint stays).
    public func train(
        runs: String, texts: RunTexts, observer: (any TrainingObserver)? = nil, untilEpoch end: Int? = nil,
        shouldStop: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        let (backbone, data) = (try readyBackbone(), try readyData())
        try specification.validate(depth: backbone.configuration.depth)
        try specification.training.validate(classSizes: data.trainingClassSizes)
        try specification.validateLoss()
        try MemoryBudget.machine.check(
            Double(memoryEstimate ?? 0), for: "a step of \(specification.training.batch) pictures with its weights and the optimiser's state",
            help: "use `memory=low`, a smaller batch, fewer prompts or a narrower head")
        try blockInputSpace()?.check()
        let transform = try transforms().training
        try checkPictures(of: data.dataset.train, transform: transform)
        try checkEvaluations()
        let goingOn = continuation()
        let made = try freshModel()
        let trainer = try Trainer(
            model: made.model, specification: specification, data: data, transform: transform, group: group, engine: engine())
        var (lock, taken): (RunLock?, Checkpoint?)
        // The first process, which may have to mend the folder, comes before the others.
        _ = try agreed {
            lock = try goingOn.map { try RunLock($0.folder) }
            taken = try goingOn.flatMap { try take($0, into: trainer, lock: lock, backbone: backbone, data: data) }
            return true
        }
        if !isFirstProcess { taken = try goingOn.flatMap { try take($0, into: trainer, lock: nil, backbone: backbone, data: data) } }
        if taken == nil, let start = specification.startsFrom { try self.start(made.model, from: start) }
        try requireAlike(for: trainer, backbone: backbone, data: data)
        let (folder, newLock) = try goingOn.map { ($0.folder.seen(isKept: isFirstProcess), nil as RunLock?) } ?? newFolder(runs: runs)
        defer { withExtendedLifetime((lock, newLock)) {} }
        do {
            try attachBank(to: made, in: folder, isNew: taken == nil, at: taken?.position)
        } catch {
            // Without its bank a new folder would be of no use.
            if goingOn == nil { try? FileManager.default.removeItem(atPath: folder.path) }
            throw error
        }
        // One of the processes that share the training tells of it.
        let tracking = group.map { $0.rank != 0 } == true ? nil : self.tracking(folder, texts: texts, then: observer)
        defer { tracking?.close() }
        let session = try TrainingSession(
            experiment: self, folder: folder, trainer: trainer, made: made, metrics: agreed { lock.map(folder.mendedMetrics) ?? RunMetrics() },
            isSaved: taken != nil, observer: tracking ?? observer)
        try session.writeRecord(texts: texts, isNew: goingOn == nil)
        // From here on the model that was there before is replaced: by what the run has, even when it ends early.
        trained = made
        gallery = nil
        continued = nil
        let outcome = try session.run(untilEpoch: end, shouldStop: shouldStop)
        trained?.run = RunModel(folder: folder, model: .last, position: outcome.position)
        if !outcome.isComplete { continued = ContinuedRun(folder: folder, specification: specification) }
        return outcome
    }

    /// What `memory=low` puts aside in this process; nil where it does not.
    func blockInputSpace() throws -> BlockInputSpace? {
        BlockInputSpace(specification, try readyBackbone().configuration, pictures: picturesOfThisProcess)
    }

    /// That the evaluations on the way can be made, said before any work.
    private func checkEvaluations() throws {
        guard specification.training.evaluateEvery != nil else { return }
        for part in try readyData().evaluatedParts {
            var options = specification.evaluation
            options.part = part
            _ = try RetrievalQuestion(readyData(), options)
        }
    }

    private func start(_ model: MetricModel, from path: String) throws {
        let file = try reading { try ModelFile(path: path) }
        var settings = file.settings
        settings.backbone = specification.backbone
        guard settings.describesSameModel(as: ModelSettings(specification)), file.classes == model.configuration.classes else {
            throw ExperimentError(
                .specification, "training would start from \(path), but the settings are no longer that model's, or the training classes",
                help: ["`load` starts from the backbone alone", "`restore \"\(path)\"` brings its settings back"])
        }
        try model.restore(file.tensors)
    }

    private func newFolder(runs: String) throws -> (RunFolder, RunLock?) {
        var made: (RunFolder, RunLock?)?
        let path = try agreed {
            let folder = try RunFolder.create(in: runs, name: specification.training.name ?? RunName.made(from: resolvedForTraining.hash(), at: Date()))
            made = (folder, try RunLock(folder))
            return folder.path
        }
        return made ?? (.elsewhere(path), nil)
    }

    /// That the processes train the same thing from the same place.
    private func requireAlike(for trainer: Trainer, backbone: LoadedBackbone, data: LoadedData) throws {
        guard group != nil else { return }
        try requireAlike([
            "settings": specification.hash(), "weights": backbone.identity, "pictures": data.hash(), "kernels": trainer.engine.productIdentity,
            "steps behind it": "\(trainer.position.epoch):\(trainer.position.step)",
        ])
    }

    /// The run to go on with, if the specification is still that run's in all that its state depends on.
    private func continuation() -> ContinuedRun? {
        guard let continued, continued.specification.trainsAlike(specification) else { return nil }
        return continued
    }

    /// - Returns: what training goes on from; nil for a run that was killed before its first checkpoint.
    private func take(_ run: ContinuedRun, into trainer: Trainer, lock: RunLock?, backbone: LoadedBackbone, data: LoadedData) throws -> Checkpoint? {
        let manifest = try run.folder.manifest()
        guard manifest.weightsHash == backbone.identity else {
            throw ExperimentError(
                .input, "\(run.folder.path) was trained on weights \(manifest.weightsHash.prefix(12))…, but these are \(backbone.identity.prefix(12))…",
                help: ["load the weights that the run began with"])
        }
        guard try manifest.dataHash == data.hash() else {
            throw ExperimentError(
                .input, "the pictures have changed since \(run.folder.path) began", help: ["put them back, or train anew: `data …` and `train`"])
        }
        guard let found = try run.folder.newestCheckpoint() else { return nil }
        try trainer.take(found.checkpoint)
        // A run that was killed after its last step has its end yet to be written.
        guard !trainer.isOver || (try? run.folder.metrics())?.outcome?.isComplete != true || !found.damage.isEmpty else {
            throw ExperimentError(
                .state, "\(run.folder.path) is already trained for \(trainer.stepsDone) steps, \(trainer.stepsWanted) were asked for",
                help: ["ask for more: train epochs=\(trainer.position.epoch + max(specification.training.epochs, 1))"])
        }
        if let lock {
            try run.folder.mend(found, lock)
            run.folder.removeUnfinished(lock)
        }
        return found.checkpoint
    }

    /// Pictures taken as they are must have the backbone's size; said here, before a folder is made.
    func checkPictures(of items: [DatasetItem], transform: ImageTransform) throws {
        guard transform.outputSide == nil, let first = items.first else { return }
        let picture = try reading(first.image)
        let side = try readyBackbone().configuration.image
        guard picture.width != side || picture.height != side else { return }
        throw ExperimentError(
            .specification, "\(first.name) is \(picture.width) x \(picture.height) pixels, but \(specification.backbone?.name ?? "the model") takes \(side) x \(side)",
            help: ["`augment paper` or `augment crop` makes pictures of that size"])
    }
}

extension ExperimentSpecification {
    /// Whether a run of this specification can go on under the other: all that its state depends on is equal. How long
    /// to train, what to write down and how many threads may differ.
    func trainsAlike(_ other: ExperimentSpecification) -> Bool {
        func core(_ specification: ExperimentSpecification) -> ExperimentSpecification {
            var core = specification
            core.threads = nil
            core.tracking = nil
            core.provenance = [:]
            core.data = core.data?.withoutCache
            core.evaluation = EvaluationOptions()
            core.training = TrainingOptions(
                batch: specification.training.batch, perClass: specification.training.perClass, microBatch: specification.training.microBatchSize)
            return core
        }
        return core(self) == core(other)
    }
}
