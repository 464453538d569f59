/// How long, and in which batches, to train.
public struct TrainingOptions: Codable, Equatable, Sendable {
    public var epochs: Int
    /// Pictures a step, B.
    public var batch: Int
    /// Pictures of each class in a batch, k; divides `batch`.
    public var perClass: Int
    /// Steps after which to stop even when the epochs are not over; nil for no limit.
    public var steps: Int?
    /// Epochs, steps and seconds between two checkpoints, whichever are given; without any there is one at the end.
    public var checkpointEvery: Int?
    public var checkpointSteps: Int?
    public var checkpointSeconds: Double?
    /// Checkpoints that stay, the newest counted in; nil is ``usualKeep``.
    public var keep: Int?
    /// Epochs between two evaluations, on the validation classes where there are some, else on the test classes;
    /// nil never.
    public var evaluateEvery: Int?
    /// Name of the run's folder; nil makes one from the time and the specification.
    public var name: String?
    /// Pictures that are computed at one time. Gradients are summed over the micro-batches of a batch in a fixed tree, so that it
    /// belongs to what bytes depend on. Nil takes ``standardMicroBatch``.
    public var microBatch: Int?
    /// Nil in manifests of the first version, where to say a micro-batch meant `low`.
    public var memory: Memory?

    /// What a step holds for its backward pass.
    public enum Memory: String, Codable, Sendable, CaseIterable {
        /// The activations of the batch.
        case normal
        /// Those of a block of a micro-batch: blocks are computed again on the way back, from inputs put aside on a disk.
        case low
    }

    /// Enough to keep the matrix products of a network busy: a sixth faster than 8 on two cores. A batch of 64 is work for four processes.
    public static let standardMicroBatch = 16

    /// Pictures that are computed at one time, at most the batch.
    public var microBatchSize: Int { max(1, min(microBatch ?? Self.standardMicroBatch, batch)) }
    /// Whether activations of a block of a micro-batch at a time are held.
    public var isFrugal: Bool { memory.map { $0 == .low } ?? (microBatch != nil) }

    public init(
        epochs: Int = 15, batch: Int = 64, perClass: Int = 2, steps: Int? = nil, checkpointEvery: Int? = 1, evaluateEvery: Int? = nil,
        name: String? = nil, microBatch: Int? = nil, memory: Memory? = nil, checkpointSteps: Int? = nil, checkpointSeconds: Double? = nil, keep: Int? = nil
    ) {
        self.checkpointSteps = checkpointSteps
        self.checkpointSeconds = checkpointSeconds
        self.keep = keep
        self.microBatch = microBatch
        self.memory = memory
        self.epochs = epochs
        self.batch = batch
        self.perClass = perClass
        self.steps = steps
        self.checkpointEvery = checkpointEvery
        self.evaluateEvery = evaluateEvery
        self.name = name
    }

    /// The newest checkpoint, and the one before it in case that is damaged.
    public static let usualKeep = 2

    var checkpointsKept: Int { keep ?? Self.usualKeep }

    /// Classes in a batch, B / k.
    public var classesPerBatch: Int { perClass > 0 ? batch / perClass : 0 }

    /// - Throws: ``ExperimentError`` when the numbers do not divide.
    public func validate() throws {
        guard epochs >= 1 else { throw ExperimentError(.specification, "train epochs=\(epochs) must be at least 1") }
        guard perClass >= 1 else { throw ExperimentError(.specification, "train per-class=\(perClass) must be at least 1") }
        guard batch >= 1 else { throw ExperimentError(.specification, "train batch=\(batch) must be at least 1") }
        guard batch % perClass == 0 else {
            let below = batch / perClass * perClass
            let above = below + perClass
            throw ExperimentError(
                .specification, "batch=\(batch) is not a multiple of per-class=\(perClass): a batch holds \(perClass) pictures of each of its classes",
                help: [below > 0 ? "batch=\(below) or batch=\(above) would do" : "batch=\(above) would do"])
        }
        for (name, value) in [("steps", steps), ("checkpoint", checkpointEvery), ("checkpoint-steps", checkpointSteps), ("keep", keep), ("evaluate", evaluateEvery)] {
            if let value, value < 1 { throw ExperimentError(.specification, "train \(name)=\(value) must be at least 1") }
        }
        if let checkpointSeconds, !(checkpointSeconds >= 1) {
            throw ExperimentError(.specification, "train checkpoint=\(checkpointSeconds)s must be at least a second")
        }
        if let microBatch, !(1...batch).contains(microBatch) {
            throw ExperimentError(
                .specification, "train micro-batch=\(microBatch) is a part of the batch: 1 to \(batch)",
                help: [
                    "without `micro-batch` it is \(Self.standardMicroBatch), or the batch where that is smaller"
                ])
        }
        if let name, !RunName.isValid(name) {
            throw ExperimentError(
                .specification, "`\(name)` cannot name a folder under runs/", help: ["use letters, digits, `-`, `_` and `.`, not at the start a `.`"])
        }
    }

    /// - Parameter classSizes: pictures of each training class.
    /// - Throws: ``ExperimentError`` when the data cannot fill a batch.
    public func validate(classSizes: [Int]) throws {
        try validate()
        guard !classSizes.isEmpty else {
            throw ExperimentError(.input, "the data has no training classes", help: ["`data` lists what it found; check the split"])
        }
        guard classesPerBatch <= classSizes.count else {
            let most = classSizes.count * perClass
            throw ExperimentError(
                .specification,
                "batch=\(batch) with per-class=\(perClass) takes \(classesPerBatch) classes a batch, but the data has \(classSizes.count) to train on",
                help: ["batch=\(most) is the largest that fits, or raise per-class"])
        }
        let images = classSizes.reduce(0, +)
        guard images >= batch else {
            throw ExperimentError(
                .specification, "batch=\(batch) is more than the \(images) training pictures: an epoch would have no step",
                help: [images >= perClass ? "batch=\(images / perClass * perClass) or less" : "per-class is more than all of them; use per-class=2 and a batch of \(images) or less"])
        }
    }
}
