/// What happens in a training, in the order in which it happens.
public enum TrainingEvent: Sendable {
    case began(TrainingPlan)
    case step(StepRecord)
    case epoch(EpochRecord)
    case evaluated(EvaluationRecord)
    /// A checkpoint is safe on disk.
    case checkpoint(path: String, position: TrainingPosition)
    case ended(TrainingOutcome)
}

/// Who is told. Called on the thread that trains, between steps.
public protocol TrainingObserver: AnyObject {
    func receive(_ event: TrainingEvent)
    /// A line for the user that belongs to no event.
    func notice(_ line: String)
}

extension TrainingObserver {
    public func notice(_ line: String) {}
}

/// Where a training stands: the next step is step `step` of epoch `epoch`, both from 0.
public struct TrainingPosition: Codable, Hashable, Comparable, Sendable {
    public var epoch: Int
    public var step: Int

    public init(epoch: Int, step: Int) {
        self.epoch = epoch
        self.step = step
    }

    public static func < (a: TrainingPosition, b: TrainingPosition) -> Bool { (a.epoch, a.step) < (b.epoch, b.step) }
}

/// What a training is about to do.
public struct TrainingPlan: Codable, Equatable, Sendable {
    public var run: String
    public var epochs: Int
    public var stepsPerEpoch: Int
    /// Steps in all, the limit of `steps` counted in.
    public var steps: Int
    public var batch: Int
    public var images: Int
    public var classes: Int
    /// Trained values.
    public var trainableParameters: Int
    /// Where it takes up; (0, 0) for a new run.
    public var start: TrainingPosition
    /// Rough largest memory, bytes.
    public var memoryEstimate: Int
    /// Pictures that are computed at a time.
    public var microBatch: Int
    /// Processes that share the micro-batches; nil for one alone.
    public var processes: Int?
    /// What the prompts of all classes take on disk once each class was in a batch (`update=touched`); twice that between
    /// two checkpoints that both move them all. Nil where they are in memory.
    public var bankBytes: Int?
    /// What `memory=low` puts into a temporary file of each batch, at most; nil without it.
    public var asideBytes: Int?
}

/// One step.
public struct StepRecord: Codable, Equatable, Sendable {
    /// From 0.
    public var epoch: Int
    /// Within the epoch, from 0.
    public var step: Int
    public var loss: Double
    /// Learning rate, and that of the learned proxies.
    public var rate: Double
    public var proxyRate: Double
    public var seconds: Double
    /// Bytes that the first of several processes sent to the others in it; nil for one alone.
    public var sent: Int?
}

/// One epoch that is over.
public struct EpochRecord: Codable, Equatable, Sendable {
    public var epoch: Int
    /// Mean over the epoch's steps.
    public var loss: Double
    public var seconds: Double
}

/// How a training ended.
public struct TrainingOutcome: Codable, Equatable, Sendable {
    /// Path of the run's folder.
    public var run: String
    /// Whether it went on to the end that was asked for.
    public var isComplete: Bool
    /// Where a restored run would go on.
    public var position: TrainingPosition
    /// Steps trained in all, those before a restore counted in.
    public var steps: Int
    /// Mean loss of the last epoch, whole or begun.
    public var loss: Double
    /// Of this call.
    public var seconds: Double
    public var trainableParameters: Int
}
