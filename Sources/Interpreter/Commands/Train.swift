internal import Experiments
import Reporting
import VPSAnalysis

struct TrainHandler: CommandHandler {
    static let name = "train"
    static let isDoneTogether = true

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
        return try session.finish(outcome)
    }

    static func options(_ arguments: BoundArguments, in session: Session) throws -> TrainingOptions {
        let batch = try arguments.integer("batch")
        let memory = TrainingOptions.Memory(rawValue: try arguments.text("memory")) ?? .normal
        let microBatch = try arguments.optionalInteger("micro-batch") ?? (memory == .low ? session.experiment.microBatch(ofBatch: batch) : nil)
        let seconds: Double? = if case .quantity(let amount, _)? = try arguments.value("checkpoint") { amount } else { nil }
        return TrainingOptions(
            epochs: try arguments.integer("epochs"), batch: batch, perClass: try arguments.integer("per-class"),
            steps: try arguments.optionalInteger("steps"), checkpointEvery: seconds == nil ? try arguments.optionalInteger("checkpoint") : nil,
            evaluateEvery: try arguments.optionalInteger("evaluate"), name: try arguments.optionalText("name"),
            microBatch: microBatch, memory: memory, checkpointSteps: try arguments.optionalInteger("checkpoint-steps"), checkpointSeconds: seconds,
            keep: arguments.isGiven("keep") ? try arguments.integer("keep") : nil)
    }

    private func texts(_ arguments: BoundArguments, in session: Session) -> RunTexts {
        RunTexts(
            script: session.script(upTo: arguments), resolved: { SpecificationText(specification: $0).scriptWithTraining() },
            values: { specification in
                let text = SpecificationText(specification: specification)
                return (SpecificationText.commands + ["train"]).flatMap(text.values)
            })
    }
}
