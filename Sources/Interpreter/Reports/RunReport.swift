public import Experiments
internal import Foundation
import Reporting
import VPSAnalysis

/// The page about a run, or about several beside each other.
public struct RunReport {
    public struct Options: Sendable {
        /// Nothing is embedded.
        public var isBrief: Bool
        public var exhibit: Exhibit.Options

        public init(isBrief: Bool = false, exhibit: Exhibit.Options = Exhibit.Options()) {
            self.isBrief = isBrief
            self.exhibit = exhibit
        }
    }

    /// Parts that could not be made, each with the reason; the page says so too.
    public let missing: [String]
    /// Where it goes unless told otherwise.
    public let usualFile: String
    public let html: String

    /// - Parameters:
    ///   - paths: folders of runs, at least one.
    ///   - experiment: lends what it has loaded.
    ///   - progress: told how many pictures of how many are embedded; false stops.
    /// - Throws: ``ExperimentError`` when a path is not the folder of a run, `StoppedEarly`.
    public init(_ paths: [String], options: Options, experiment: Experiment, progress: (Int, Int) -> Bool = { _, _ in true }) throws {
        var runs = try paths.enumerated().map { try ReportedRun($1, color: $0) }
        guard let first = runs.first else { throw ExperimentError(.specification, "a report needs a run", help: ["report \"runs/…\""]) }
        guard Set(runs.map(\.folder.path)).count == runs.count else { throw ExperimentError(.specification, "a run is named twice") }
        // Runs of one data set and backbone then read them once.
        let lender = Experiment(partsOf: experiment)
        lender.specification.threads = experiment.specification.threads
        if !options.isBrief {
            for index in runs.indices {
                do {
                    runs[index].exhibit = try lender.exhibit(of: runs[index].folder.path, options: options.exhibit, progress: progress)
                } catch let error as ExperimentError {
                    runs[index].problem = error.message
                }
            }
        }
        let figures = ReportFigures(experiment: lender)
        let pictures = ReportPictures(runs: runs)
        let body: ReportPage
        if runs.count == 1 {
            body = try Self.page(of: first, runs[0], figures, pictures, isBrief: options.isBrief)
        } else {
            body = try Self.comparison(of: runs, figures, pictures)
        }
        html = body.html()
        missing = runs.compactMap { run in run.problem.map { "\(run.name): \($0)" } } + figures.problems.all + pictures.problems.all
        usualFile = runs.count == 1 ? first.folder.path + "/report.html" : PathText.resolved("comparison.html", in: PathText.folder(of: first.folder.path))
    }

    private static func page(
        of first: ReportedRun, _ run: ReportedRun, _ figures: ReportFigures, _ pictures: ReportPictures, isBrief: Bool
    ) throws -> ReportPage {
        let table = figures.table(of: run)
        var charts = RunCharts.all(of: [run])
        let byK = RunCharts.recallByK(of: run)
        if byK.series.count > 1 { charts.append(byK) }
        let shown = try pictures.sections()
        return ReportPage(
            title: run.name, subtitle: subtitle(of: run), facts: figures.tiles(of: run), notes: notes(of: [run]) + pictures.problems.all + figures.problems.all,
            sections: [
                .init("curves", "Curves", lead: "Point at a curve for its values. Recall and MAP@R are those that training measured on the way.", charts.isEmpty ? [] : [.charts(charts)]),
                .init("figures", "Figures", lead: figures.lead, table.rows.isEmpty ? [.note("Nothing was measured of this run: `eval` after `train`, or `train … evaluate=1`.")] : [.table(table)]),
            ] + shown + [
                .init("cost", "What it costs", figures.costs(of: run)),
                .init("script", "Script", lead: "As typed, and with every value that it leaves open; behind each line where its values came from.", listings(of: run)),
                .init("origin", "Where it comes from", [.facts(figures.origin(of: run))]),
            ],
            colophon: colophon)
    }

    private static func comparison(of runs: [ReportedRun], _ figures: ReportFigures, _ pictures: ReportPictures) throws -> ReportPage {
        let charts = RunCharts.all(of: runs)
        let shown = try pictures.sections()
        let settings = figures.settings(of: runs)
        let (table, differences) = (figures.table(of: runs), figures.differences(of: runs))
        return ReportPage(
            title: "\(runs.count) runs beside each other", subtitle: Set(runs.map { "\($0.backbone) on \($0.data)" }).sorted().joined(separator: "; "),
            notes: notes(of: runs) + pictures.problems.all + figures.problems.all,
            sections: [
                .init("figures", "Figures", lead: figures.lead, [.table(table)] + (differences.rows.isEmpty ? [] : [.heading("Against the first"), .table(differences)])),
                .init("settings", "Settings that differ", settings.rows.isEmpty ? [.note("The settings are the same.")] : [.table(settings)]),
                .init("curves", "Curves", charts.isEmpty ? [] : [.charts(charts)]),
            ] + shown + [
                .init("cost", "What it costs", [.table(figures.costTable(of: runs))]),
                .init("script", "Scripts", runs.map { .folded($0.name, listings(of: $0)) }),
                .init("origin", "Where they come from", runs.map { .folded($0.name, [.facts(figures.origin(of: $0))]) }),
            ],
            key: runs.map { "\($0.name): \($0.method)" }, colophon: colophon)
    }

    private static func subtitle(of run: ReportedRun) -> String {
        let plan = run.curves.plan
        let steps = plan.map { ", \($0.epochs) \($0.epochs == 1 ? "epoch" : "epochs") of \(grouped($0.stepsPerEpoch)) steps of \($0.batch) images" } ?? ""
        return "\(run.method) on \(run.backbone), \(run.data)\(steps)"
    }

    /// What a reader must know before the figures.
    private static func notes(of runs: [ReportedRun]) -> [String] {
        runs.flatMap { run -> [String] in
            let name = runs.count == 1 ? "" : run.name + ": "
            var notes = (run.manifest.data?.warnings ?? []).map { name + $0 }
            if run.metrics.outcome?.isComplete != true { notes.append(name + "training has not come to its end") }
            if let problem = run.problem { notes.append(name + "no neighbours, mistaken classes and map: " + problem) }
            return notes
        }
    }

    private static func listings(of run: ReportedRun) -> [ReportPage.Block] {
        let scripts = run.folder.scripts
        return [("As typed", scripts.typed), ("Every value", scripts.resolved)].compactMap { title, text in
            text.map { .listing(ScriptListing(title, highlighting: $0)) }
        }
    }

    private static var colophon: String {
        "Written by vptsp on \(ISO8601DateFormatter().string(from: Date()).prefix(10)). This file is whole: it asks nothing of any other."
    }
}
