internal import Experiments
import VPSAnalysis

struct ReportHandler: CommandHandler {
    static let name = "report"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let runs = try session.runs(arguments)
        let options = RunReport.Options(
            isBrief: try arguments.flag("brief"),
            exhibit: Exhibit.Options(
                model: RunEpoch(rawValue: try arguments.text("epoch")) ?? .last, queries: try arguments.integer("queries"), neighbours: try arguments.integer("k")))
        let progress = session.pictureProgress("report")
        defer { progress.clear() }
        let report = try session.stoppable {
            try RunReport(runs, options: options, experiment: session.experiment, progress: progress.update)
        }
        progress.clear()
        let file = try arguments.optionalPath("output") ?? report.usualFile
        try TextFile.write(report.html, to: file)
        for line in report.missing { session.say("note: \(line)") }
        session.say("report \(file)")
        return .record(Record([("file", .text(file)), ("runs", .integer(runs.count)), ("missing", .integer(report.missing.count))]))
    }
}

extension Session {
    /// The folders that `runs` names, or that of the run of the model at hand.
    func runs(_ arguments: BoundArguments) throws -> [String] {
        if arguments.isGiven("runs") { return try arguments.texts("runs").map(PathText.expanded) }
        guard let own = experiment.currentRun else {
            throw experiment.hasOutdatedModel
                ? ExperimentError(.state, "the settings have changed since training, so there is no run at hand", help: ["name its folder: `\(arguments.command.name) … \"runs/…\"`"])
                : ExperimentError(.state, "the model at hand belongs to no run", help: ["name a run's folder: \"runs/…\""])
        }
        return [own]
    }
}
