/// How the learning rates change over the epochs.
public struct ScheduleSpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Equatable, Sendable, CaseIterable { case cosine, step, multistep, linear, constant }

    public var kind: Kind
    /// Epochs T until the lowest rate (cosine, linear); nil is the length of the training.
    public var epochs: Int?
    /// Lowest rate (cosine, linear).
    public var minimum: Double
    /// Epochs between two falls (step).
    public var every: Int
    /// Epochs of the falls (multistep), rising.
    public var milestones: [Int]
    /// Factor of a fall (step, multistep).
    public var gamma: Double
    /// Epochs in which the rate first rises in a straight line.
    public var warmup: Int
    /// Epochs at the start in which only heads, recurrence and proxies learn, and nothing inside the backbone.
    public var freezeEpochs: Int

    public init(
        kind: Kind = .cosine, epochs: Int? = nil, minimum: Double = 0, every: Int = 10, milestones: [Int] = [], gamma: Double? = nil,
        warmup: Int = 0, freezeEpochs: Int = 0
    ) {
        self.kind = kind
        self.epochs = epochs
        self.minimum = minimum
        self.every = every
        self.milestones = milestones
        self.gamma = gamma ?? (kind == .multistep ? 0.1 : 0.5)
        self.warmup = warmup
        self.freezeEpochs = freezeEpochs
    }

    /// Epochs of the curve: those asked for, else what a training leaves after the warm-up.
    public func length(training: Int) -> Int { epochs ?? max(training - warmup, 1) }

    public func validate() throws {
        if let epochs, epochs < 1 { throw ExperimentError(.specification, "schedule epochs=\(epochs) must be at least 1") }
        guard minimum >= 0, minimum.isFinite else { throw ExperimentError(.specification, "schedule min=\(minimum) must be at least 0") }
        guard warmup >= 0 else { throw ExperimentError(.specification, "schedule warmup=\(warmup) must not be negative") }
        guard freezeEpochs >= 0 else { throw ExperimentError(.specification, "schedule freeze-epochs=\(freezeEpochs) must not be negative") }
        guard gamma > 0, gamma <= 1 else { throw ExperimentError(.specification, "schedule gamma=\(gamma) must be above 0 and not above 1") }
        if kind == .step, every < 1 { throw ExperimentError(.specification, "schedule step=\(every) must be at least 1 epoch") }
        if kind == .multistep {
            guard !milestones.isEmpty, zip(milestones, milestones.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw ExperimentError(
                    .specification, "schedule multistep needs rising milestones, got \(milestones)", help: ["schedule multistep milestones=[10, 15]"])
            }
        }
    }
}
