internal import Foundation
internal import MetricLearning
internal import TensorFiles

/// What came of repeating a run from its folder.
public struct Replay: Codable, Equatable, Sendable {
    /// Something that is not the same, then and now.
    public struct Difference: Codable, Equatable, Sendable {
        public var what: String
        public var then: String
        public var now: String
    }

    /// Folder of the run.
    public var run: String
    /// Folder of the repetition; nil when it was not trained, since data, weights or the model that it started from are not the same.
    public var replay: String?
    /// `data`, `weights`, `start` (the model file that training started from), `program`, `processor`, `kernels`, `threads`, those that differ.
    public var differences: [Difference]
    /// SHA-256 of the last checkpoint, then and now; with class prompts on disk these are counted in. Nil when it was not trained.
    public var checkpoint: Difference?
    /// Figures that differ: the end's loss, evaluations on the way, what `eval` measured of the last epoch.
    public var figures: [Difference]
    /// Figures that were compared, the losses of the steps not counted in.
    public var figuresCompared: Int
    /// Steps whose losses were compared, and the first one where they differ.
    public var steps: Int
    public var firstDifferingStep: TrainingPosition?
    /// What else may explain a difference.
    public var remarks: [String]

    public var isEqual: Bool { replay != nil && checkpoint == nil && figures.isEmpty && firstDifferingStep == nil }
}

extension Experiment {
    /// Repeats a run in a fresh folder, as far as it went, with the threads that it had unless the specification at hand says others.
    ///
    /// The specification, the model and the run at hand become the repetition's.
    /// - Parameter runs: the folder for the repetition.
    /// - Throws: ``ExperimentError`` for a run that has not ended, and when weights or pictures cannot be found; ``StoppedEarly``.
    public func replay(
        run path: String, runs: String, texts: RunTexts, observer: (any TrainingObserver)? = nil, shouldStop: @escaping () -> Bool = { false }
    ) throws -> Replay {
        let folder = try RunFolder.open(path)
        let (manifest, metrics) = (try folder.manifest(), try folder.metrics())
        guard let outcome = metrics.outcome, FileManager.default.fileExists(atPath: folder.checkpointPath) else {
            throw ExperimentError(
                .state, RunLock.isHeld(folder) ? "\(path) is still being trained" : "\(path) was killed before it ended: there is no end to compare with",
                help: ["`vptsp resume \(path)` brings it to its end"])
        }
        let threads = specification.threads ?? manifest.threads
        specification = manifest.specification
        specification.threads = threads
        specification.training.name = URL(fileURLWithPath: folder.path).lastPathComponent + "-replay"
        (trained, continued, gallery) = (nil, nil, nil)
        var result = Replay(
            run: folder.path, replay: nil, differences: try differences(from: manifest), checkpoint: nil, figures: [], figuresCompared: 0, steps: 0,
            firstDifferingStep: nil, remarks: Self.remarks(manifest))
        guard !result.differences.contains(where: { ["data", "weights", "start"].contains($0.what) }) else { return result }

        let counter = StepCounter(observer)
        let ended = try train(runs: runs, texts: texts, observer: counter, shouldStop: {
            shouldStop() || !outcome.isComplete && counter.steps >= outcome.steps
        })
        guard ended.steps == outcome.steps else { throw StoppedEarly() }
        result.replay = ended.run
        let repeated = try RunFolder.open(ended.run)
        let (first, second) = (try bytesIdentity(of: folder), try bytesIdentity(of: repeated))
        if first != second { result.checkpoint = Replay.Difference(what: "checkpoint", then: first, now: second) }
        try compareFigures(metrics, repeated, outcome, &result) { shouldStop() }
        try compareLosses(folder, repeated, &result)
        return result
    }

    private func differences(from manifest: RunManifest) throws -> [Replay.Difference] {
        recallProducts(of: manifest)
        let engine = try engine()
        let pairs: [(String, String, String)] = [
            ("data", manifest.dataHash, try readyData().hash()), ("weights", manifest.weightsHash, try readyBackbone().identity),
            ("start", manifest.startedFromHash ?? "none", try specification.startsFrom.map { path in try reading { try SHA256.hash(file: path) } } ?? "none"),
            ("program", manifest.programHash, try ProgramIdentity.hash()), ("processor", manifest.processor, ProgramIdentity.processor),
            ("kernels", manifest.blasKernel, engine.productIdentity), ("threads", "\(manifest.threads)", "\(engine.pool.threads)"),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { Replay.Difference(what: $0.0, then: $0.1, now: $0.2) }
    }

    private static func remarks(_ manifest: RunManifest) -> [String] {
        (manifest.resumed ?? []).flatMap { part -> [String] in
            var remarks: [String] = []
            let place = "from epoch \(part.position.epoch + 1) step \(part.position.step + 1) on"
            if part.epochs != manifest.specification.training.epochs { remarks.append("\(place) the run was to have \(part.epochs) epochs, so that its schedule was another one for a while") }
            if part.programHash != manifest.programHash { remarks.append("\(place) it was trained by another program: \(part.programHash.prefix(12))") }
            if part.blasKernel != manifest.blasKernel { remarks.append("\(place) it was trained with \(part.blasKernel) kernels") }
            return remarks
        }
    }

    /// SHA-256 of the checkpoint; of it and of every class's row where these are on disk.
    private func bytesIdentity(of folder: RunFolder) throws -> String {
        let hash = try reading { try SHA256.hash(file: folder.checkpointPath) }
        guard specification.proxies.update == .touched, specification.proxies.hasClassPrompts else { return hash }
        let other = Experiment(partsOf: self)
        try other.restore(from: folder.path)
        guard let rows = other.trained?.model.semantic?.rows, let bank = other.trained?.model.bank else { return hash }
        return try reading { try SHA256.hash(bytes: Array((hash + bank.digest(versions: rows.version)).utf8)) }
    }

    // MARK: Figures

    private func compareFigures(
        _ metrics: RunMetrics, _ repeated: RunFolder, _ outcome: TrainingOutcome, _ result: inout Replay, shouldStop: () -> Bool
    ) throws {
        func compare(_ what: String, _ then: EvaluationRecord, _ now: EvaluationRecord?) throws {
            let (a, b) = (then.withoutCircumstances, now?.withoutCircumstances)
            result.figuresCompared += 1
            if a != b { result.figures.append(Replay.Difference(what: what, then: try Self.text(a), now: try b.map(Self.text) ?? "not measured")) }
        }
        let again = try repeated.metrics()
        result.figuresCompared += 1
        if outcome.loss != again.outcome?.loss {
            result.figures.append(Replay.Difference(what: "loss", then: "\(outcome.loss)", now: again.outcome.map { "\($0.loss)" } ?? "not measured"))
        }
        for record in metrics.evaluations {
            let other = again.evaluations.first { $0.part == record.part && $0.epoch == record.epoch && $0.embedding == record.embedding }
            try compare("\(record.part.rawValue) after epoch \((record.epoch ?? 0) + 1)", record, other)
        }
        // What `eval` measured of where the run stands is measured again.
        for kept in metrics.kept where kept.model == .last && kept.position == outcome.position {
            let record = kept.record
            let evaluation = try evaluate(record.options) { _, _ in !shouldStop() }
            try compare("eval \(record.part.rawValue) \(record.embedding.rawValue)", record, evaluation.records.first)
        }
    }

    private static func text(_ record: EvaluationRecord) throws -> String { String(decoding: try JSONFile.encode(record), as: UTF8.self) }

    private func compareLosses(_ first: RunFolder, _ second: RunFolder, _ result: inout Replay) throws {
        let (then, now) = (try EventLog.losses(path: first.eventsPath), try EventLog.losses(path: second.eventsPath))
        let places = then.keys.filter { now[$0] != nil }.sorted()
        result.steps = places.count
        result.firstDifferingStep = places.first { then[$0] != now[$0] }
    }
}

extension EvaluationRecord {
    /// What two measurements must share: not the time that they took, and no clusters of which an earlier version did not write how
    /// they were made.
    fileprivate var withoutCircumstances: EvaluationRecord {
        var record = self
        record.seconds = 0
        if clustering == nil { (record.normalizedMutualInformation, record.pairF1) = (nil, nil) }
        return record
    }

    /// What `eval` was asked for to measure this.
    fileprivate var options: EvaluationOptions {
        EvaluationOptions(
            part: part, recall: recall.map(\.k), meanAveragePrecision: meanAveragePrecision != nil, countsQuery: meanAveragePrecisionCounted != nil,
            wholeRanking: averagePrecision != nil, clustering: clustering, embeddings: [embedding], interval: interval)
    }
}

/// Counts steps, and passes on what happens.
private final class StepCounter: TrainingObserver {
    private(set) var steps = 0
    private let next: (any TrainingObserver)?

    init(_ next: (any TrainingObserver)?) { self.next = next }

    func receive(_ event: TrainingEvent) {
        if case .step = event { steps += 1 }
        next?.receive(event)
    }
}
