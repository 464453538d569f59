internal import Experiments
import Reporting

/// What could not be made of a report, in words.
final class ReportProblems {
    private(set) var all: [String] = []

    func add(_ problem: String) { if !all.contains(problem) { all.append(problem) } }
}

/// Tables and key figures of a report.
struct ReportFigures {
    /// Makes intervals.
    let experiment: Experiment
    let problems = ReportProblems()

    var lead: String {
        "In percent. Behind a figure its 95 % interval by the bootstrap over queries (2,000 resamples): what other queries of these classes could give, not other classes and not other seeds."
    }

    /// Something that was measured, and of what.
    private struct Line {
        var title: String
        var record: EvaluationRecord
    }

    // MARK: One run

    /// Every figure there is of a run, the test classes first.
    func table(of run: ReportedRun) -> PageTable { Self.table(lines(of: run).map { ($0, nil) }) }

    /// What training measured at the three epochs, what `eval` measured of its models, and what this report did.
    private func lines(of run: ReportedRun) -> [Line] {
        var lines: [Line] = []
        for kept in run.metrics.kept {
            lines.append(Line(title: title(kept.model, ReportedRun.place(kept.position)), record: record(kept, of: run)))
        }
        if let exhibit = run.exhibit, !run.metrics.kept.contains(where: { $0.model == exhibit.model && $0.record.part == exhibit.record.part && $0.record.embedding == exhibit.record.embedding }) {
            lines.append(Line(title: title(exhibit.model, "for this report"), record: exhibit.record))
        }
        var trained: [(epoch: Int, models: [RunEpoch], record: EvaluationRecord)] = []
        for model in RunEpoch.allCases {
            guard let record = run.metrics.figure(of: model), let epoch = record.epoch else { continue }
            if let place = trained.firstIndex(where: { $0.epoch == epoch }) { trained[place].models.append(model) } else { trained.append((epoch, [model], record)) }
        }
        lines += trained.map { Line(title: "\($0.models.map(\.title).joined(separator: ", ")): epoch \($0.epoch + 1), while training", record: $0.record) }
        let order = EvaluationOptions.Part.allCases
        return lines.enumerated().sorted { one, other in
            let (a, b) = (order.firstIndex(of: one.element.record.part) ?? 0, order.firstIndex(of: other.element.record.part) ?? 0)
            return (a, one.offset) < (b, other.offset)
        }.map(\.element)
    }

    private func title(_ model: RunEpoch, _ place: String) -> String { "\(model.title): \(place)" }

    private func record(_ kept: KeptEvaluation, of run: ReportedRun) -> EvaluationRecord {
        do {
            return try experiment.recordWithIntervals(kept, of: run.folder)
        } catch {
            problems.add("\(run.name): no interval: \((error as? ExperimentError)?.message ?? "\(error)")")
            return kept.record
        }
    }

    /// The record that a run is known by: the newest of the last model on the test classes, with intervals where there are some.
    private func main(of run: ReportedRun) -> EvaluationRecord? {
        let kept = run.metrics.kept.last { $0.record.part == .test && $0.record.embedding == .head && $0.model == .last }
        let exhibit = run.exhibit.flatMap { $0.model == .last && $0.record.part == .test ? $0.record : nil }
        return exhibit ?? kept.map { record($0, of: run) } ?? run.metrics.figure(of: .last)
    }

    func tiles(of run: ReportedRun) -> [ReportPage.Fact] {
        var tiles: [ReportPage.Fact] = []
        if let record = main(of: run), let recall = record.recall.first {
            let interval = recall.lower.flatMap { low in recall.upper.map { "\(Self.percent(low, 1)) to \(Self.percent($0, 1)), 95 %" } }
            tiles.append(.init("R@\(recall.k)", Self.percent(recall.value, 2) + " %", note: interval ?? "test classes"))
            if let map = record.meanAveragePrecision { tiles.append(.init("MAP@R", Self.percent(map, 2) + " %", note: "test classes")) }
        }
        let manifest = run.manifest
        if manifest.backboneParameters > 0 {
            let share = Double(manifest.trainableParameters) / Double(manifest.backboneParameters)
            tiles.append(.init("trained values", Self.short(manifest.trainableParameters), note: "\(Self.percent(share, 1)) % of the backbone"))
        }
        if let memory = run.metrics.peakMemory { tiles.append(.init("peak memory", Self.size(memory.bytes), note: memory.isOfTraining ? "of training" : "since the program began")) }
        if let seconds = run.secondsPerStep, let plan = run.curves.plan {
            tiles.append(.init("images a second", NumberText.brief(Double(plan.batch) / max(seconds, 1e-9)), note: "trained \(NumberText.clock(seconds: run.seconds)) in all"))
        }
        return tiles
    }

    // MARK: Several runs

    func table(of runs: [ReportedRun]) -> PageTable {
        var table = Self.table(runs.compactMap { run in main(of: run).map { (Line(title: run.name, record: $0), run.color) } })
        let absent = runs.filter { main(of: $0) == nil }
        table.rows += absent.map { [.text($0.name)] }
        table.rowColors += absent.map(\.color)
        return table
    }

    /// Each against the first, query by query, where `eval` has kept the answers of both.
    func differences(of runs: [ReportedRun]) -> PageTable {
        var table = PageTable(
            "Recall@1 less that of \(runs[0].name) on the same queries: paired bootstrap, and McNemar's exact test.",
            columns: ["run", "difference [points]", "95 % interval", "p", "only this one right", "only the first right"])
        for run in runs.dropFirst() {
            do {
                let found = try experiment.compare(runs[0].folder.path, run.folder.path)
                let sign = found.difference > 0 ? "+" : ""
                table.rows.append([
                    .text(run.name), .number(sign + Self.percent(found.difference, 2)), .number("\(Self.percent(found.lower, 2)) to \(Self.percent(found.upper, 2))"),
                    .number(found.pValue < 0.0001 ? "< 0.0001" : NumberText.fixed(found.pValue, decimals: 4)), .number(grouped(found.second.onlyHere)), .number(grouped(found.first.onlyHere)),
                ])
                table.rowColors.append(run.color)
            } catch {
                problems.add("\(run.name) is not compared with \(runs[0].name): \((error as? ExperimentError)?.message ?? "\(error)")")
            }
        }
        return table
    }

    /// Settings of which not all runs have the same value.
    func settings(of runs: [ReportedRun]) -> PageTable {
        let specifications = runs.map(\.manifest.specification)
        let values = specifications.map(SpecificationDifference.values)
        return PageTable(columns: ["setting"] + runs.map(\.name), rows: SpecificationDifference.names(specifications).map { name in [.text(name)] + values.map { $0[name].map { .text($0) } ?? .missing } })
    }

    func costTable(of runs: [ReportedRun]) -> PageTable {
        PageTable(
            columns: ["run", "trained values", "of the backbone [%]", "peak memory [MiB]", "step [ms]", "images/s", "training"],
            rows: runs.map { run in
                let manifest = run.manifest
                let rate = run.secondsPerStep.flatMap { seconds in run.curves.plan.map { Double($0.batch) / max(seconds, 1e-9) } }
                return [
                    .text(run.name), .number(grouped(manifest.trainableParameters)),
                    manifest.backboneParameters > 0 ? .number(Self.percent(Double(manifest.trainableParameters) / Double(manifest.backboneParameters), 2)) : .missing,
                    run.metrics.peakMemory.map { .number(grouped($0.bytes >> 20)) } ?? .missing,
                    run.secondsPerStep.map { .number(NumberText.brief($0 * 1000)) } ?? .missing, rate.map { .number(NumberText.brief($0)) } ?? .missing,
                    .number(NumberText.clock(seconds: run.seconds)),
                ]
            }, rowColors: runs.map(\.color))
    }

    // MARK: Cost and origin

    func costs(of run: ReportedRun) -> [ReportPage.Block] {
        let manifest = run.manifest
        var blocks: [ReportPage.Block] = []
        let parts = (run.exhibit?.trainedParts ?? []).sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        if !parts.isEmpty {
            blocks.append(.shares(ShareBar("Trained values, \(grouped(manifest.trainableParameters))", parts: parts.map { .init($0.name, Double($0.count), text: grouped($0.count)) })))
        }
        var facts: [ReportPage.Fact] = [
            .init("trained values", grouped(manifest.trainableParameters)), .init("values of the backbone", grouped(manifest.backboneParameters), note: "without a classifier"),
        ]
        if let memory = run.metrics.peakMemory {
            facts.append(.init("peak memory", "\(grouped(memory.bytes >> 20)) MiB", note: memory.isOfTraining ? "resident, while training" : "resident, since the program began"))
        }
        if let plan = run.curves.plan {
            facts.append(.init("estimated before it began", "\(grouped(plan.memoryEstimate >> 20)) MiB"))
            if let aside = plan.asideBytes { facts.append(.init("inputs of blocks in a temporary file", Self.size(aside))) }
            if let bank = plan.bankBytes { facts.append(.init("class prompts on disk", Self.size(bank))) }
        }
        if let seconds = run.secondsPerStep { facts.append(.init("a step", "\(NumberText.brief(seconds * 1000)) ms", note: "the middle one of all")) }
        if let steps = run.metrics.outcome?.steps { facts.append(.init("steps", grouped(steps))) }
        facts.append(.init("time in epochs", NumberText.clock(seconds: run.seconds)))
        return blocks + [.facts(facts)]
    }

    func origin(of run: ReportedRun) -> [ReportPage.Fact] {
        let manifest = run.manifest
        var facts: [ReportPage.Fact] = [
            .init("folder", run.folder.path), .init("began", manifest.started), .init("seed", "\(manifest.seed)"), .init("threads", "\(manifest.threads)"),
            .init("processor", manifest.processor), .init("BLAS kernel", manifest.blasKernel), .init("settings", String(manifest.specificationHash.prefix(16))),
            .init("pictures", manifest.dataHash), .init("weights", String(manifest.weightsHash.prefix(16))), .init("program", String(manifest.programHash.prefix(16))),
        ]
        if let data = manifest.data {
            facts.insert(.init("training", "\(grouped(data.trainImages)) images of \(grouped(data.trainClasses)) classes"), at: 2)
            if data.validationImages > 0 { facts.insert(.init("validation", "\(grouped(data.validationImages)) images of \(grouped(data.validationClasses)) classes"), at: 3) }
            facts.insert(.init("test", "\(grouped(data.testImages)) images of \(grouped(data.testClasses)) classes"), at: data.validationImages > 0 ? 4 : 3)
        }
        return facts
    }

    // MARK: Rows

    private static let others: [(String, @Sendable (EvaluationRecord) -> Double?)] = [
        ("MAP@R", { $0.meanAveragePrecision }), ("R-precision", { $0.rPrecision }), ("MAP@R counted", { $0.meanAveragePrecisionCounted }),
        ("mAP", { $0.averagePrecision }), ("NMI", { $0.normalizedMutualInformation }), ("F1", { $0.pairF1 }),
    ]

    private static func table(_ lines: [(line: Line, color: Int?)]) -> PageTable {
        let records = lines.map(\.line.record)
        let ks = Set(records.flatMap { $0.recall.map(\.k) }).sorted()
        let shown = others.filter { other in records.contains { other.1($0) != nil } }
        let rows = lines.map { line, _ -> [PageTable.Cell] in
            let record = line.record
            let kind = record.isFrozen || record.embedding != .head ? ", \(record.embedding.rawValue)" : ""
            return [.text(line.title), .text(record.part.rawValue + kind)] + ks.map { k in recall(k, record) }
                + shown.map { other in other.1(record).map { .number(percent($0, 2)) } ?? .missing } + [.number(grouped(record.queries))]
        }
        return PageTable(columns: ["", "classes"] + ks.map { "R@\($0)" } + shown.map(\.0) + ["queries"], rows: rows, rowColors: lines.compactMap(\.color))
    }

    private static func recall(_ k: Int, _ record: EvaluationRecord) -> PageTable.Cell {
        guard let recall = record.recall.first(where: { $0.k == k }) else { return .missing }
        guard let low = recall.lower, let high = recall.upper else { return .number(percent(recall.value, 2)) }
        return .interval(recall.value * 100, low: low * 100, high: high * 100)
    }

    private static func percent(_ share: Double, _ decimals: Int) -> String { NumberText.fixed(share * 100, decimals: decimals) }

    /// `537,728`, `1.46 M`, `21.9 M`
    private static func short(_ count: Int) -> String { count < 1_000_000 ? grouped(count) : NumberText.brief(Double(count) / 1e6) + " M" }

    private static func size(_ bytes: Int) -> String {
        bytes < 10_240 << 20 ? "\(grouped(bytes >> 20)) MiB" : "\(NumberText.fixed(Double(bytes) / 1_073_741_824, decimals: 1)) GiB"
    }
}
