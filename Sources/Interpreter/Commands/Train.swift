internal import Experiments
import Reporting
import VPSAnalysis

struct TrainHandler: CommandHandler {
    static let name = "train"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        var options = try Self.options(arguments, in: session)
        if let cell = session.cell, options.name == nil { options.name = cell.nextRunName() }
        let chosen = options
        let report = TrainingReport(session)
        defer { report.clear() }
        let outcome = try session.editing(arguments) { $0.training = chosen } then: {
            if let outcome = try session.takeUpRunOfCell() { return outcome }
            return try session.stoppable {
                try session.experiment.train(
                    runs: session.runsFolder, texts: texts(arguments, in: session), observer: report,
                    untilEpoch: session.cell?.lastEpoch, shouldStop: session.shouldStop)
            }
        }
        report.clear()
        guard outcome.isComplete || session.cell?.mayEnd(outcome) ?? false else {
            // The statement did not end, but what it trained is there.
            session.state.facts.insert(.trained)
            session.say(
                "stopped after \(outcome.steps) steps, at epoch \(outcome.position.epoch + 1) step \(outcome.position.step + 1); everything is kept. "
                    + "`train` goes on, also later after `restore \"\(outcome.run)\"`")
            throw Interrupted()
        }
        session.say("trained \(grouped(outcome.steps)) steps in \(NumberText.clock(seconds: outcome.seconds)), loss \(NumberText.fixed(outcome.loss, decimals: 4))")
        let metrics = try RunFolder.open(outcome.run).metrics()
        if let memory = metrics.peakMemory {
            session.say("peak memory \(grouped(memory.bytes >> 20)) MiB" + (memory.isOfTraining ? "" : " since the program began"))
        }
        return .record(Record([
            ("loss", .number(outcome.loss)), ("epochs", .integer(outcome.position.epoch)), ("steps", .integer(outcome.steps)),
            ("minutes", .number(outcome.seconds / 60)), ("parameters", .integer(outcome.trainableParameters)),
            ("memory", .number(Double(metrics.peakMemory?.bytes ?? 0) / 1_048_576)), ("run", .text(outcome.run)),
        ] + figures(metrics, in: session)))
    }

    static func options(_ arguments: BoundArguments, in session: Session) throws -> TrainingOptions {
        let batch = try arguments.integer("batch")
        let microBatch = try arguments.text("memory") == "low"
            ? arguments.optionalInteger("micro-batch") ?? session.experiment.microBatch(ofBatch: batch) : nil
        return TrainingOptions(
            epochs: try arguments.integer("epochs"), batch: batch, perClass: try arguments.integer("per-class"),
            steps: try arguments.optionalInteger("steps"), checkpointEvery: try arguments.optionalInteger("checkpoint"),
            evaluateEvery: try arguments.optionalInteger("evaluate"), name: try arguments.optionalText("name"),
            microBatch: microBatch)
    }

    private func texts(_ arguments: BoundArguments, in session: Session) -> RunTexts {
        RunTexts(script: session.script(upTo: arguments)) { SpecificationText(specification: $0).scriptWithTraining() }
    }

    /// Says the three test figures of a run that was evaluated on the way, each by its name, and returns them.
    private func figures(_ metrics: RunMetrics, in session: Session) -> [(String, Value)] {
        RunEpoch.allCases.compactMap { epoch in
            guard let record = metrics.figure(of: epoch), let number = record.epoch else { return nil }
            session.say("  test, \(epoch.title) (epoch \(number + 1))  \(record.figures)")
            return (epoch.rawValue, .record(Record([("epoch", .integer(number + 1))] + record.fields)))
        }
    }
}
