public import Experiments

/// One run, as lists show it.
public struct RunRecord: Codable, Equatable, Sendable {
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Trained to its end.
        case complete
        /// Ended before that, at somebody's wish; `resume` goes on.
        case stopped
        /// A process is at work on it.
        case running
        /// Its process ended without a word; `resume` goes on.
        case killed
    }

    /// Path of its folder below the folder of runs: `first`, `sweeps/alpha-1a2b3c4d/cells/0123456789abcdef/train-1`.
    public var name: String
    public var state: State
    /// ISO 8601, UTC.
    public var started: String
    /// Of the sweep that it is a cell of: `alpha-1a2b3c4d`.
    public var sweep: String?
    public var specification: ExperimentSpecification
    /// Trained values.
    public var parameters: Int
    /// In the order in which tables show them.
    public var figures: [NamedFigure]
    /// Sorted.
    public var tags: [String]

    public func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
}

extension RunRecord {
    /// Reads a run's folder.
    /// - Throws: ``ExperimentError`` for a folder whose files are damaged.
    init(name: String, folder: RunFolder) throws {
        let (manifest, metrics) = (try folder.manifest(), try folder.metrics())
        self.name = name
        state = metrics.outcome.map { $0.isComplete ? .complete : .stopped } ?? .killed
        started = manifest.started
        let parts = name.split(separator: "/")
        sweep = parts.count > 2 && parts[0] == "sweeps" ? String(parts[1]) : nil
        specification = manifest.specification
        parameters = manifest.trainableParameters
        figures = Self.figures(metrics)
        tags = try folder.tags()
    }

    private static func figures(_ metrics: RunMetrics) -> [NamedFigure] {
        var figures: [NamedFigure] = []
        if let outcome = metrics.outcome {
            // One that was stopped before its first step has none.
            if outcome.steps > 0 { figures.append(NamedFigure(name: "loss", value: outcome.loss)) }
            figures += [
                NamedFigure(name: "epochs", value: Double(outcome.position.epoch)),
                NamedFigure(name: "steps", value: Double(outcome.steps)), NamedFigure(name: "minutes", value: outcome.seconds / 60),
            ]
        }
        if let memory = metrics.peakMemory { figures.append(NamedFigure(name: "memory", value: Double(memory.bytes) / 1_048_576)) }
        // Of where the run stands: the newest `eval`, else what training measured.
        let kept = metrics.kept.last { $0.model == .last && $0.record.part == .test && $0.record.embedding == .head }?.record
        if let record = kept ?? metrics.figure(of: .last) { figures += self.figures(record, prefix: "") }
        for model in [RunEpoch.chosen, .best] {
            guard let record = metrics.figure(of: model), let epoch = record.epoch else { continue }
            figures += [NamedFigure(name: "\(model.rawValue).epoch", value: Double(epoch + 1))] + self.figures(record, prefix: model.rawValue + ".")
        }
        return figures.filter(\.value.isFinite)
    }

    private static func figures(_ record: EvaluationRecord, prefix: String) -> [NamedFigure] {
        let optional: [(String, Double?)] = [
            ("map@r", record.meanAveragePrecision), ("r-precision", record.rPrecision), ("nmi", record.normalizedMutualInformation),
            ("f1", record.pairF1),
        ]
        return record.recall.map { NamedFigure(name: "\(prefix)recall@\($0.k)", value: $0.value) }
            + optional.compactMap { name, value in value.map { NamedFigure(name: prefix + name, value: $0) } }
    }
}
