internal import Experiments
import Reporting
import VPSAnalysis

struct TrainHandler: CommandHandler {
    static let name = "train"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let batch = try arguments.integer("batch")
        let microBatch = try arguments.text("memory") == "low"
            ? arguments.optionalInteger("micro-batch") ?? min(TrainingOptions.microBatchDefault, batch) : nil
        var options = TrainingOptions(
            epochs: try arguments.integer("epochs"), batch: batch, perClass: try arguments.integer("per-class"),
            steps: try arguments.optionalInteger("steps"), checkpointEvery: try arguments.optionalInteger("checkpoint"),
            evaluateEvery: try arguments.optionalInteger("evaluate"), name: try arguments.optionalText("name"),
            microBatch: microBatch)
        if let cell = session.cell, options.name == nil { options.name = cell.nextRunName() }
        let chosen = options
        let report = TrainingReport(session)
        defer { report.clear() }
        let outcome = try session.editing(arguments) { $0.training = chosen } then: {
            if let outcome = try session.takeUpRunOfCell() { return outcome }
            return try session.stoppable {
                try session.experiment.train(
                    runs: session.runsFolder, texts: texts(arguments, in: session), observer: report, shouldStop: session.shouldStop)
            }
        }
        report.clear()
        guard outcome.isComplete else {
            // The statement did not end, but what it trained is there.
            session.state.facts.insert(.trained)
            session.say(
                "stopped after \(outcome.steps) steps, at epoch \(outcome.position.epoch + 1) step \(outcome.position.step + 1); everything is kept. "
                    + "`train` goes on, also later after `restore \"\(outcome.run)\"`")
            throw Interrupted()
        }
        session.say("trained \(grouped(outcome.steps)) steps in \(NumberText.clock(seconds: outcome.seconds)), loss \(NumberText.fixed(outcome.loss, decimals: 4))")
        sayFigures(of: outcome.run, in: session)
        return .record(Record([
            ("loss", .number(outcome.loss)), ("epochs", .integer(outcome.position.epoch)), ("steps", .integer(outcome.steps)),
            ("minutes", .number(outcome.seconds / 60)), ("parameters", .integer(outcome.trainableParameters)), ("run", .text(outcome.run)),
        ]))
    }

    private func texts(_ arguments: BoundArguments, in session: Session) -> RunTexts {
        RunTexts(script: session.script(upTo: arguments)) { SpecificationText(specification: $0).scriptWithTraining() }
    }

    /// The three figures of a run that was evaluated on the way, each by its name.
    private func sayFigures(of run: String, in session: Session) {
        guard let metrics = try? RunFolder.open(run).metrics() else { return }
        for (title, record) in [
            ("last epoch", metrics.lastEpoch), ("chosen on validation", metrics.chosenOnValidation), ("best on test", metrics.bestOnTest),
        ] {
            if let record { session.say("  test, \(title) (epoch \((record.epoch ?? 0) + 1))  \(record.figures)") }
        }
    }
}
