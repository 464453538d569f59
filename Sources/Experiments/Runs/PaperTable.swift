internal import Foundation

/// Finished runs beside table 1 of the paper. Runs of one specification that differ in their seed alone share a row.
public struct PaperTable: Codable, Equatable, Sendable {
    public struct Row: Codable, Equatable, Sendable {
        /// Of the paper's row, or of the method.
        public var title: String
        public var published: PublishedRow?
        /// Folders of the runs, in the order given; none for a row of the paper that no run is of.
        public var runs: [String] = []
        public var seeds: [UInt64] = []
        public var data = ""
        public var backbone = ""
        /// Trained values, and their percentage of the backbone without a classifier.
        public var trained: Int?
        public var percentOfBackbone: Double?
        /// Of the 30.2 M that the paper counts a ViT-S/16 as, its unused classifier of 21,843 classes included; nil for other backbones.
        public var percentOfPaper: Double?
        /// One a run that measured it: bytes; Recall@1 and MAP@R, 0 to 1.
        public var peakMemory: [Int] = []
        public var recall: [Double] = []
        public var meanAveragePrecision: [Double] = []
    }

    /// A path that gave no row.
    public struct LeftOut: Codable, Equatable, Sendable {
        public var run: String
        public var reason: String
    }

    /// Which of each run's test figures the table shows.
    public var figure: RunEpoch
    /// The paper's rows in its order, each with the runs of it; then the runs that are of none.
    public var rows: [Row]
    public var leftOut: [LeftOut]

    /// - Parameter paths: of run folders; what is no finished run is left out, with the reason.
    /// - Throws: ``ExperimentError`` when none of them is a finished run.
    public init(runs paths: [String], figure: RunEpoch) throws {
        self.figure = figure
        var groups: [(key: String, method: String?, row: Row)] = []
        var leftOut: [LeftOut] = []
        for path in paths {
            do {
                let run = try FinishedRun(path, figure)
                if let place = groups.firstIndex(where: { $0.key == run.key }) {
                    groups[place].row.add(run)
                } else {
                    groups.append((run.key, run.method, Row(run)))
                }
            } catch let error as ExperimentError {
                leftOut.append(LeftOut(run: path, reason: error.message))
            }
        }
        guard !groups.isEmpty else {
            throw ExperimentError(.input, "none of these is a finished run", help: leftOut.map { "\($0.run): \($0.reason)" })
        }
        rows = PublishedRow.table1.flatMap { published -> [Row] in
            let own = groups.filter { $0.method == published.method }.map { group in
                var row = group.row
                (row.title, row.published) = (published.title, published)
                return row
            }
            return own.isEmpty ? [Row(title: published.title, published: published)] : own
        }
        let known = Set(PublishedRow.table1.map(\.method))
        rows += groups.filter { $0.method.map { !known.contains($0) } ?? true }.map(\.row)
        self.leftOut = leftOut
    }
}

/// What the table takes from a run's folder.
private struct FinishedRun {
    let path: String
    let manifest: RunManifest
    let peakMemory: Int?
    let recall: Double?
    let meanAveragePrecision: Double?
    /// `vpt bitfit`; nil for a mixture without a name.
    let method: String?
    /// Equal for runs that differ in nothing but seed, length of evaluations, threads and name.
    let key: String

    init(_ path: String, _ figure: RunEpoch) throws {
        let folder = try RunFolder.open(path)
        let metrics = try folder.metrics()
        guard let outcome = metrics.outcome, outcome.isComplete else { throw ExperimentError(.input, "it has not trained to its end") }
        self.path = folder.path
        manifest = try folder.manifest()
        peakMemory = metrics.peakMemory?.bytes
        method = manifest.specification.tableName
        var same = manifest.specification
        same.seed = 0
        same.training.evaluateEvery = nil
        (same.training.checkpointEvery, same.training.checkpointSteps, same.training.checkpointSeconds, same.training.keep) = (nil, nil, nil, nil)
        same.evaluation = EvaluationOptions()
        key = try same.hash() + manifest.dataHash + manifest.weightsHash.prefix(while: { $0 != "-" })
        let records = Self.records(of: figure, metrics, outcome)
        recall = records.lazy.compactMap { $0.recall.first { $0.k == 1 }?.value }.first
        meanAveragePrecision = records.lazy.compactMap(\.meanAveragePrecision).first
    }

    /// Test figures of that model, the newest first: what `eval` measured afterwards, then what training did.
    private static func records(of figure: RunEpoch, _ metrics: RunMetrics, _ outcome: TrainingOutcome) -> [EvaluationRecord] {
        let trained = metrics.figure(of: figure)
        let position = figure == .last ? outcome.position : trained.flatMap(\.epoch).map { TrainingPosition(epoch: $0 + 1, step: 0) }
        let kept = metrics.kept.filter { $0.record.part == .test && $0.record.embedding == .head && $0.position == position }
        let isOfPosition = trained?.epoch.map { TrainingPosition(epoch: $0 + 1, step: 0) == position } ?? false
        return kept.reversed().map(\.record) + (isOfPosition ? [trained].compactMap { $0 } : [])
    }
}

extension PaperTable.Row {
    fileprivate init(_ run: FinishedRun) {
        let (manifest, specification) = (run.manifest, run.manifest.specification)
        title = run.method ?? "settings of its own"
        backbone = specification.backbone?.name ?? ""
        data = (specification.data?.name ?? "") + (specification.data?.isDistorted == true ? " distorted" : "")
        if specification.data?.name == "folder", let path = specification.data?.path { data = URL(fileURLWithPath: path).lastPathComponent }
        trained = manifest.trainableParameters
        percentOfBackbone = manifest.backboneParameters > 0 ? 100 * Double(manifest.trainableParameters) / Double(manifest.backboneParameters) : nil
        percentOfPaper = backbone == "vit-s16" ? 100 * Double(manifest.trainableParameters) / PublishedRow.wholeOfPaper : nil
        add(run)
    }

    fileprivate mutating func add(_ run: FinishedRun) {
        runs.append(run.path)
        seeds.append(run.manifest.seed)
        if let memory = run.peakMemory { peakMemory.append(memory) }
        if let value = run.recall { recall.append(value) }
        if let value = run.meanAveragePrecision { meanAveragePrecision.append(value) }
    }
}

extension ExperimentSpecification {
    /// `vpt`, `vpt bitfit`; nil for a mixture without a name.
    fileprivate var tableName: String? {
        if let method { return method.rawValue }
        guard tuning == .bitfit else { return nil }
        var frozen = self
        frozen.tuning = .frozen
        return frozen.method.map { $0.rawValue + " bitfit" }
    }
}
