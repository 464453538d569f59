/// What trackers are told of an event: figures by name, at the number of steps that were trained by then.
struct TrackedFigures: Equatable {
    /// Decides what may be left out where there is no room, and what a former process has told already.
    enum Kind: String, Codable { case step, epoch, evaluation }

    var kind: Kind
    /// From 0.
    var epoch: Int
    var steps: Int
    var figures: [(name: String, value: Double)]

    /// - Returns: nil for events without figures.
    init?(_ event: TrainingEvent, stepsPerEpoch: Int) {
        switch event {
        case .step(let step):
            self.init(kind: .step, epoch: step.epoch, steps: step.epoch * stepsPerEpoch + step.step + 1, figures: [
                ("train/loss", step.loss), ("train/rate", step.rate), ("train/proxy_rate", step.proxyRate), ("train/seconds", step.seconds),
            ])
        case .epoch(let epoch):
            self.init(kind: .epoch, epoch: epoch.epoch, steps: (epoch.epoch + 1) * stepsPerEpoch, figures: [
                ("epoch/loss", epoch.loss), ("epoch/seconds", epoch.seconds),
            ])
        case .evaluated(let record):
            guard let epoch = record.epoch else { return nil }
            self.init(kind: .evaluation, epoch: epoch, steps: (epoch + 1) * stepsPerEpoch, figures: Self.figures(of: record))
        case .began, .checkpoint, .ended: return nil
        }
    }

    private init(kind: Kind, epoch: Int, steps: Int, figures: [(String, Double)]) {
        (self.kind, self.epoch, self.steps) = (kind, epoch, steps)
        self.figures = figures.map { (name: $0.0, value: $0.1) }
    }

    /// Names that TensorBoard and MLflow both take: no `@`.
    private static func figures(of record: EvaluationRecord) -> [(String, Double)] {
        let optional: [(String, Double?)] = [
            ("map_at_r", record.meanAveragePrecision), ("r_precision", record.rPrecision), ("map_counted", record.meanAveragePrecisionCounted),
            ("mean_ap", record.averagePrecision), ("nmi", record.normalizedMutualInformation), ("f1", record.pairF1),
        ]
        let all = record.recall.map { ("recall_at_\($0.k)", $0.value) } + optional.compactMap { name, value in value.map { (name, $0) } }
        let kind = record.embedding == .head ? "" : ".\(record.embedding.rawValue)"
        return all.map { ("\(record.part.rawValue)\(kind)/\($0.0)", $0.1) }
    }

    static func == (a: TrackedFigures, b: TrackedFigures) -> Bool {
        a.kind == b.kind && a.epoch == b.epoch && a.steps == b.steps && a.figures.map(\.name) == b.figures.map(\.name) && a.figures.map(\.value) == b.figures.map(\.value)
    }
}
