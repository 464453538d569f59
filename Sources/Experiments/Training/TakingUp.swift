internal import Foundation
internal import MetricLearning
internal import TensorFiles

extension Experiment {
    /// What was found of a training that ran before.
    public enum TakenUp: Sendable {
        /// Nothing that this specification can go on with.
        case nothing
        /// A part; the next `train` goes on with it.
        case partly
        /// All of it: its model is the one at hand.
        case complete(TrainingOutcome)
    }

    /// An experiment that starts afresh, but need not load again what the other one has loaded.
    public convenience init(partsOf other: Experiment) {
        self.init()
        backbone = other.backbone
        data = other.data
        knownEngine = other.knownEngine
        knownChoices = other.knownChoices
    }

    /// SHA-256 of the weights and of the pictures at hand; nil where none are chosen.
    public func partIdentities() throws -> (weights: String?, data: String?) {
        (
            specification.backbone == nil ? nil : try readyBackbone().identity,
            specification.data == nil ? nil : try readyData().hash()
        )
    }

    /// SHA-256 of a model file, or of the checkpoint of a run, as `restore` takes them up.
    public static func modelIdentity(of path: String) throws -> String {
        var isFolder: ObjCBool = false
        let isRun = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        return try reading { try SHA256.hash(file: isRun ? RunFolder.open(path).checkpointPath : path) }
    }

    /// Looks for a run of the specification's training, and takes it up as far as it got. Unlike `restore`, it leaves the
    /// specification alone.
    /// - Parameter path: of the run's folder; need not be there.
    public func takeUp(run path: String) throws -> TakenUp {
        guard let folder = try? RunFolder.open(path), let found = try? folder.newestCheckpoint(), let manifest = try? folder.manifest(), manifest.specification.trainsAlike(specification)
        else { return .nothing }
        let (then, now) = (manifest.specification.training, specification.training)
        if found.damage.isEmpty, let outcome = try folder.metrics().outcome, outcome.isComplete, then.epochs == now.epochs, then.steps == now.steps {
            let made = try freshModel()
            try made.model.restore(found.checkpoint.modelTensors)
            try attachBank(to: made, in: folder, isNew: false, writable: false)
            (trained, gallery, continued) = (made, nil, nil)
            trained?.run = RunModel(folder: folder, model: .last, position: outcome.position)
            return .complete(outcome)
        }
        continued = ContinuedRun(folder: folder, specification: specification)
        return .partly
    }

    /// What `resume` found of a run.
    public enum Resumed: Sendable {
        /// The next ``train(runs:texts:observer:untilEpoch:shouldStop:)`` goes on from here.
        case from(TrainingPosition)
        /// It was killed before its first checkpoint; the next `train` begins it again, in the same folder.
        case beginning
        /// It has trained to its end: its model is the one at hand.
        case complete(TrainingOutcome)
    }

    /// Takes up a run just as its manifest has it, wherever it was killed. The specification becomes the run's; the threads stay
    /// those of the session.
    /// - Returns: where it stands; and what is wrong with newer checkpoints than that, a line each.
    /// - Throws: ``ExperimentError`` when the run, its weights or its data are not there or not what they were.
    public func resume(run path: String) throws -> (Resumed, damage: [String]) {
        let before = (specification, trained, continued)
        do {
            let folder = try RunFolder.open(path)
            if RunLock.isHeld(folder) { _ = try RunLock(folder) }  // throws, and says who has it
            let found = try folder.newestCheckpoint()
            if let found {
                guard case .run(_, _, var damage) = try restore(from: folder.path) else { return (.beginning, []) }
                let asked = try resolvedForTraining.stateHash()
                guard found.checkpoint.specificationHash == asked else {
                    throw ExperimentError(
                        .input, "\(found.path) belongs to other settings than \(folder.path)/manifest.json",
                        help: ["put back the checkpoint that the run wrote"])
                }
                do {
                    if let outcome = try folder.metrics().outcome, outcome.isComplete, damage.isEmpty { return (.complete(outcome), []) }
                } catch let error as ExperimentError {
                    damage.append("\(error.message); evaluations on the way are taken from events.jsonl, those of `eval` must be made again")
                }
                return (.from(found.checkpoint.position), damage)
            }
            let threads = specification.threads
            specification = try folder.manifest().specification
            specification.threads = threads
            continued = ContinuedRun(folder: folder, specification: specification)
            return (.beginning, [])
        } catch {
            (specification, trained, continued) = before
            throw error
        }
    }

    /// Makes a saved model the one at hand. Unlike `restore`, it leaves the specification alone, which must be the model's.
    public func start(withModel path: String) throws {
        let file = try reading { try ModelFile(path: path) }
        let settings = ModelSettings(specification)
        let model = try makeModel(settings, classes: file.classes)
        try reading { try model.restore(file.tensors) }
        let made = TrainedModel(model: model, settings: settings, backboneIdentity: file.backboneIdentity, seed: file.seed)
        try attachBank(to: made, beside: path)
        trained = made
    }
}
