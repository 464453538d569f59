import Experiments
import Foundation
import Testing

@Suite(.serialized) struct CheckpointTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    private func specification(_ training: TrainingOptions, update: ProxySpecification.Update = .dense) -> ExperimentSpecification {
        var specification = tiny(folder)
        specification.training = training
        specification.proxies.update = update
        return specification
    }

    private func checkpoints(_ run: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasPrefix("checkpoint") }.sorted()
    }

    /// 4 steps an epoch.
    @Test func oldOnesArePruned() throws {
        let listener = Listener()
        let training = TrainingOptions(epochs: 3, batch: 4, name: "pruned", checkpointSteps: 3, keep: 3)
        let run = try experiment(specification(training)).train(runs: scratch("runs"), texts: texts, observer: listener).run
        let positions = listener.events.compactMap { if case .checkpoint(_, let position) = $0 { [position.epoch, position.step] } else { nil } }
        #expect(positions == [[0, 3], [1, 0], [1, 2], [2, 0], [2, 1], [3, 0]])
        #expect(try checkpoints(run) == ["checkpoint-2-0.safetensors", "checkpoint-2-1.safetensors", "checkpoint.safetensors"])
        let one = TrainingOptions(epochs: 2, batch: 4, keep: 1)
        #expect(try checkpoints(experiment(specification(one)).train(runs: scratch("runs"), texts: texts).run) == ["checkpoint.safetensors"])
    }

    @Test func timeMakesThemDue() throws {
        let listener = Listener()
        let training = TrainingOptions(epochs: 2, batch: 4, checkpointEvery: nil, checkpointSeconds: 3600)
        _ = try experiment(specification(training)).train(runs: scratch("runs"), texts: texts, observer: listener)
        #expect(listener.events.filter { if case .checkpoint = $0 { true } else { false } }.count == 1, "only the last")
    }

    /// Ends in the middle of an epoch, and breaks the newest checkpoint in some way.
    private func broken(_ name: String, update: ProxySpecification.Update, _ damage: (inout Data) -> Void) throws -> String {
        let listener = Listener()
        let training = TrainingOptions(epochs: 3, batch: 4, name: name, checkpointSteps: 1)
        let run = try experiment(specification(training, update: update)).train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 6 }).run
        let path = run + "/checkpoint.safetensors"
        var data = try bytes(path)
        damage(&data)
        try data.write(to: URL(fileURLWithPath: path))
        return run
    }

    @Test(arguments: [ProxySpecification.Update.dense, .touched]) func tornCheckpointGivesWayToTheOneBefore(_ update: ProxySpecification.Update) throws {
        let training = TrainingOptions(epochs: 3, batch: 4, name: "whole", checkpointSteps: 1)
        let whole = try experiment(specification(training, update: update)).train(runs: scratch("runs"), texts: texts).run
        let damages: [(String, (inout Data) -> Void)] = [
            ("cut short", { $0 = $0.prefix($0.count / 2) }), ("empty", { $0 = Data() }),
            ("a block of zeros", { data in data.replaceSubrange(data.count - 400..<data.count - 100, with: Data(count: 300)) }),
        ]
        for (name, damage) in damages {
            let run = try broken("torn", update: update, damage)
            let session = Experiment()
            session.specification.threads = 2
            let (resumed, lines) = try session.resume(run: run)
            guard case .from(let position) = resumed else { return #expect(Bool(false), "\(name): \(resumed)") }
            #expect(position == TrainingPosition(epoch: 1, step: 1), "\(name)")
            #expect(lines.count == 1 && lines[0].contains("checkpoint.safetensors"), "\(name): \(lines)")
            let outcome = try session.train(runs: scratch("runs"), texts: texts)
            #expect(outcome.run == run && outcome.isComplete)
            #expect(try bytes(run + "/checkpoint.safetensors") == bytes(whole + "/checkpoint.safetensors"), "\(name)")
            #expect(FileManager.default.fileExists(atPath: run + "/checkpoint.safetensors.damaged"), "nothing is thrown away")
            if update == .touched {
                let models = try [whole, run].map { folder in
                    let experiment = Experiment()
                    try experiment.restore(from: folder)
                    try experiment.save(to: scratch("model.safetensors"))
                    return try bytes(scratch("model.class-prompts.bank"))
                }
                #expect(models[0] == models[1], "\(name)")
            }
            try FileManager.default.removeItem(atPath: run)
        }
    }

    @Test func noneThatIsWhole() throws {
        let run = try broken("lost", update: .dense) { $0 = Data() }
        for name in try checkpoints(run) { try Data("torn".utf8).write(to: URL(fileURLWithPath: run + "/" + name)) }
        let error = failure { _ = try Experiment().resume(run: run) }
        #expect(error?.kind == .input && error?.message.contains("has no checkpoint that can be read") == true)
        #expect(error?.help == ["train it anew with the script that it keeps: \(run)/resolved.vps"])
    }

    @Test(arguments: [ProxySpecification.Update.dense, .touched]) func beginsAgainWithoutACheckpoint(_ update: ProxySpecification.Update) throws {
        let training = TrainingOptions(epochs: 2, batch: 4, name: "whole")
        let whole = try experiment(specification(training, update: update)).train(runs: scratch("runs"), texts: texts).run
        var begun = training
        begun.name = "killed"
        let listener = Listener()
        let run = try experiment(specification(begun, update: update)).train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 2 }).run
        try FileManager.default.removeItem(atPath: run + "/checkpoint.safetensors")
        let session = Experiment()
        guard case (.beginning, []) = try session.resume(run: run) else { return #expect(Bool(false)) }
        let outcome = try session.train(runs: scratch("runs"), texts: texts)
        #expect(outcome.run == run && outcome.isComplete)
        #expect(try bytes(run + "/checkpoint.safetensors") == bytes(whole + "/checkpoint.safetensors"))
    }

    @Test func resumingWhatIsOverChangesNothing() throws {
        let run = try experiment(specification(TrainingOptions(epochs: 1, batch: 4))).train(runs: scratch("runs"), texts: texts).run
        let before = try bytes(run + "/metrics.json")
        guard case (.complete(let outcome), []) = try Experiment().resume(run: run) else { return #expect(Bool(false)) }
        #expect(outcome.steps == 4)
        #expect(try bytes(run + "/metrics.json") == before)
    }

    /// The end of a run that was killed after its last checkpoint is yet to be written.
    @Test func writesTheEndThatIsMissing() throws {
        var specification = specification(TrainingOptions(epochs: 2, batch: 4, evaluateEvery: 1))
        specification.training.name = "end"
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let folder = try RunFolder.open(run)
        let whole = try folder.metrics()
        var object = try #require(JSONSerialization.jsonObject(with: bytes(run + "/metrics.json")) as? [String: Any])
        object["outcome"] = nil
        object["evaluations"] = (object["evaluations"] as? [Any])?.dropLast().map { $0 }
        try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: run + "/metrics.json"))
        let session = Experiment()
        _ = try session.resume(run: run)
        let outcome = try session.train(runs: scratch("runs"), texts: texts)
        #expect(outcome.isComplete && outcome.steps == 8 && outcome.loss == whole.outcome?.loss)
        #expect(try folder.metrics().evaluations.map(\.recall) == whole.evaluations.map(\.recall))
    }

    @Test func tornFiguresComeFromTheLog() throws {
        let listener = Listener()
        let training = TrainingOptions(epochs: 3, batch: 4, evaluateEvery: 1, name: "figures")
        let whole = try experiment(specification(training)).train(runs: scratch("runs"), texts: texts).run
        let run = try experiment(specification(training)).train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 9 }).run
        try bytes(run + "/metrics.json").prefix(90).write(to: URL(fileURLWithPath: run + "/metrics.json"))
        let session = Experiment()
        let (_, damage) = try session.resume(run: run)
        #expect(damage.count == 1 && damage[0].contains("metrics.json is not what a run writes"), "\(damage)")
        #expect(try session.train(runs: scratch("runs"), texts: texts).isComplete)
        let (a, b) = (try RunFolder.open(whole).metrics(), try RunFolder.open(run).metrics())
        #expect(b.evaluations.count == 3 && a.evaluations.map(\.recall) == b.evaluations.map(\.recall))
    }

    @Test func checkpointOfOtherSettings() throws {
        let run = try experiment(specification(TrainingOptions(epochs: 1, batch: 4))).train(runs: scratch("runs"), texts: texts).run
        var other = specification(TrainingOptions(epochs: 1, batch: 4))
        other.seed = 9
        let second = try experiment(other).train(runs: scratch("runs"), texts: texts).run
        try bytes(second + "/checkpoint.safetensors").write(to: URL(fileURLWithPath: run + "/checkpoint.safetensors"))
        #expect(failure { _ = try Experiment().resume(run: run) }?.message.contains("belongs to other settings") == true)
    }
}
