internal import Experiments
internal import Reporting
internal import VPSAnalysis

extension Session {
    /// Says how a training ended.
    /// - Returns: the record that `train` and `resume` give.
    /// - Throws: ``Interrupted`` for one that was stopped.
    func finish(_ outcome: TrainingOutcome) throws -> Value {
        guard outcome.isComplete || cell?.mayEnd(outcome) ?? false else {
            // The statement did not end, but what it trained is there.
            state.facts.insert(.trained)
            say(
                "stopped after \(outcome.steps) steps, at epoch \(outcome.position.epoch + 1) step \(outcome.position.step + 1); everything is kept. "
                    + "`train` goes on here, `vptsp resume \(outcome.run)` later")
            throw Interrupted()
        }
        say("trained \(grouped(outcome.steps)) steps in \(NumberText.clock(seconds: outcome.seconds)), loss \(NumberText.fixed(outcome.loss, decimals: 4))")
        let metrics = try experiment.metrics(ofRun: outcome.run)
        if let memory = metrics.peakMemory {
            say("peak memory \(grouped(memory.bytes >> 20)) MiB" + (memory.isOfTraining ? "" : " since the program began"))
        }
        return .record(Record([
            ("loss", .number(outcome.loss)), ("epochs", .integer(outcome.position.epoch)), ("steps", .integer(outcome.steps)),
            ("minutes", .number(outcome.seconds / 60)), ("parameters", .integer(outcome.trainableParameters)),
            ("memory", .number(Double(metrics.peakMemory?.bytes ?? 0) / 1_048_576)), ("run", .text(outcome.run)),
        ] + figures(metrics)))
    }

    /// Says the three test figures of a run that was evaluated on the way, each by its name, and returns them.
    private func figures(_ metrics: RunMetrics) -> [(String, Value)] {
        RunEpoch.allCases.compactMap { epoch in
            guard let record = metrics.figure(of: epoch), let number = record.epoch else { return nil }
            say("  test, \(epoch.title) (epoch \(number + 1))  \(record.figures)")
            return (epoch.rawValue, .record(Record([("epoch", .integer(number + 1))] + record.fields)))
        }
    }

    /// What was wrong with checkpoints that are newer than the one taken.
    func sayDamage(_ damage: [String], goingOnFrom position: TrainingPosition) {
        for line in damage { say("warning: \(line)") }
        guard !damage.isEmpty else { return }
        say("the last checkpoint that is whole stands at epoch \(position.epoch + 1) step \(position.step + 1)")
    }
}
