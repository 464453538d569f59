/// Which of a run's models: the figures that a table may show are named after them.
public enum RunEpoch: String, Codable, Equatable, Sendable, CaseIterable {
    /// Where training stands.
    case last
    /// After the epoch that did best on the validation classes.
    case chosen
    /// After the epoch that did best on the test classes: what papers report, and too good, since the test chose it.
    case best

    /// `last epoch`, `chosen on validation`, `best on test`.
    public var title: String {
        switch self {
        case .last: "last epoch"
        case .chosen: "chosen on validation"
        case .best: "best on test"
        }
    }
}

/// `metrics.json`: what was measured, and the three figures that a table may show.
public struct RunMetrics: Codable, Equatable, Sendable {
    /// Every evaluation on the way of training, in order: those of an epoch together.
    public var evaluations: [EvaluationRecord] = []
    /// What `eval` measured of the run's models afterwards, in order.
    public var kept: [KeptEvaluation] = []
    /// The largest memory of training.
    public var peakMemory: PeakMemory?
    public var outcome: TrainingOutcome?

    public init() {}

    /// The epoch of one of the run's models, from 0; the first one where several did equally well. Nil where training measured
    /// nothing that says it.
    public func epoch(of model: RunEpoch) -> Int? {
        switch model {
        case .last: evaluations.last { $0.part == .test }?.epoch
        case .chosen: firstBest(on: .validation)
        case .best: firstBest(on: .test)
        }
    }

    /// The test figures of that epoch.
    public func figure(of model: RunEpoch) -> EvaluationRecord? {
        guard let epoch = epoch(of: model) else { return nil }
        return evaluations.last { $0.part == .test && $0.epoch == epoch }
    }

    /// By the first Recall@K, and by MAP@R where that is equal.
    private func firstBest(on part: EvaluationOptions.Part) -> Int? {
        var best: EvaluationRecord?
        for record in evaluations where record.part == part {
            if best.map({ record.isBetter(than: $0) }) ?? true { best = record }
        }
        return best?.epoch
    }

    /// Epochs whose models `restore … epoch=chosen` and `epoch=best` may ask for.
    var wantedEpochs: Set<Int> { Set([epoch(of: .chosen), epoch(of: .best)].compactMap { $0 }) }

    /// The same metrics as they were before that epoch was evaluated.
    func before(epoch: Int) -> RunMetrics {
        var earlier = self
        earlier.evaluations.removeAll { ($0.epoch ?? 0) >= epoch }
        return earlier
    }
}
