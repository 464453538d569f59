internal import Experiments
import Reporting
import VPSAnalysis

struct ReplayHandler: CommandHandler {
    static let name = "replay"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let path = try arguments.path("run")
        let isText = try arguments.text("format") == "text"
        // The session keeps its settings and its model.
        let experiment = Experiment(partsOf: session.experiment)
        experiment.specification.threads = try arguments.optionalInteger("threads")
        let report = TrainingReport(session, of: experiment, isQuiet: !isText)
        defer { report.clear() }
        let found = try session.stoppable {
            try experiment.replay(
                run: path, runs: session.runsFolder,
                texts: RunTexts(script: try RunFolder.open(path).script()) { SpecificationText(specification: $0).scriptWithTraining() },
                observer: report, shouldStop: session.shouldStop)
        }
        report.clear()
        if isText { for line in found.lines { session.say(line) } } else { session.output.write(String(decoding: try JSONFile.encode(found, pretty: true), as: UTF8.self) + "\n") }
        guard found.isEqual, let replay = found.replay else {
            throw ExperimentError(
                .running, found.replay == nil ? "\(path) cannot be repeated: \(found.differences.map(\.what).joined(separator: ", ")) differ" : "the repetition of \(path) did not come out the same",
                help: found.differences.map { "\($0.what): \(short($0.then)) then, \(short($0.now)) now" })
        }
        return .record(Record([("run", .text(replay)), ("steps", .integer(found.steps)), ("figures", .integer(found.figuresCompared))]))
    }
}

/// The beginning of a hash, or a short text whole.
private func short(_ text: String) -> String { text.count == 64 ? text.prefix(12) + "…" : text }

extension Replay {
    /// What was found, a line each.
    var lines: [String] {
        var lines = differences.isEmpty
            ? ["data, weights, program, processor, kernels and threads are the same"]
            : differences.map { "\($0.what) differ\($0.what == "data" || $0.what == "weights" || $0.what == "kernels" || $0.what == "threads" ? "" : "s"): \(short($0.then)) then, \(short($0.now)) now" }
        lines += remarks
        guard let replay else { return lines + ["not trained: with other \(differences.map(\.what).filter { ["data", "weights", "start"].contains($0) }.joined(separator: " and ")) it is another run"] }
        lines.append("repeated in \(replay)")
        lines.append(checkpoint.map { "checkpoint differs: \(short($0.then)) then, \(short($0.now)) now" } ?? "checkpoint equal, byte for byte")
        if let step = firstDifferingStep {
            lines.append("losses differ from epoch \(step.epoch + 1) step \(step.step + 1) on, of \(grouped(steps)) compared")
        } else {
            lines.append("losses of \(grouped(steps)) steps equal")
        }
        lines += figures.map { "\($0.what) differs: \($0.then) then, \($0.now) now" }
        if figures.isEmpty { lines.append("\(figuresCompared == 1 ? "1 figure" : "\(grouped(figuresCompared)) figures") equal") }
        return lines
    }
}
