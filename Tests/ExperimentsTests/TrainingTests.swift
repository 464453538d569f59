import Experiments
import Foundation
import TensorFiles
import Testing

@Suite(.serialized) struct TrainingTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    @Test func leavesARunBehind() throws {
        let listener = Listener()
        var specification = tiny(folder)
        specification.training.evaluateEvery = 2
        specification.training.name = "first"
        let outcome = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener)
        #expect(outcome.isComplete)
        #expect(outcome.steps == 12)
        #expect(outcome.run == scratch("runs/first"))
        #expect(listener.steps.count == 12)
        let names = try FileManager.default.contentsOfDirectory(atPath: outcome.run).sorted()
        let model = "epoch-\(1 + (try RunFolder.open(outcome.run).metrics().epoch(of: .best) ?? 0)).safetensors"
        #expect(names == ["checkpoint-2-0.safetensors", "checkpoint.safetensors", model, "events.jsonl", "lock", "manifest.json", "metrics.json", "resolved.vps", "script.vps"])
        let lines = try String(decoding: bytes(outcome.run + "/events.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(lines.filter { $0.contains("\"event\":\"step\"") }.count == 12)
        #expect(lines.filter { $0.contains("\"event\":\"checkpoint\"") }.count == 3)
        let run = try RunFolder.open(outcome.run)
        #expect(try run.manifest().specification.training.epochs == 3)
        #expect(try run.manifest().programHash.count == 64)
        #expect(try run.metrics().evaluations.map(\.epoch) == [1, 2], "every second, and the last")
        #expect(try run.metrics().figure(of: .last)?.part == .test)
    }

    @Test func sameNameNeverOverwrites() throws {
        var specification = tiny(folder)
        specification.training = TrainingOptions(epochs: 1, batch: 4, steps: 1, name: "twice")
        let first = try experiment(specification).train(runs: scratch("runs"), texts: texts)
        let second = try experiment(specification).train(runs: scratch("runs"), texts: texts)
        #expect(second.run == scratch("runs/twice-2"))
        #expect(try bytes(first.run + "/checkpoint.safetensors") == bytes(second.run + "/checkpoint.safetensors"))
    }

    @Test func lossFalls() throws {
        let listener = Listener()
        var specification = tiny(folder)
        specification.training.epochs = 12
        _ = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener)
        let losses = listener.steps.map(\.loss)
        let (first, last): (Double, Double) = (losses.prefix(8).reduce(0, +), losses.suffix(8).reduce(0, +))
        #expect(last < first * 0.8)
    }

    @Test(arguments: MethodPreset.allCases) func threadsChangeNoByte(_ method: MethodPreset) throws {
        var files: [Data] = []
        for threads in [1, 2] {
            var specification = tiny(folder)
            specification.applyMethod(method)
            specification.threads = threads
            specification.training.epochs = 2
            let outcome = try experiment(specification).train(runs: scratch("runs"), texts: texts)
            files.append(try bytes(outcome.run + "/checkpoint.safetensors"))
        }
        #expect(files[0] == files[1])
    }

    /// Stops after `steps` steps, restores the run in a new session, and trains on to the end.
    private func interrupted(_ specification: ExperimentSpecification, after steps: Int, threads: [Int] = [1, 1]) throws -> String {
        let listener = Listener()
        var begun = specification
        begun.threads = threads[0]
        let first = try experiment(begun).train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= steps })
        #expect(!first.isComplete)
        #expect(first.steps == steps)
        // A process that was killed later leaves lines of steps after its checkpoint, and half a line.
        let log = first.run + "/events.jsonl"
        try (bytes(log) + Data("{\"epoch\":8,\"event\":\"step\",\"step\":3}\n{\"epoch\":8,\"ev".utf8)).write(to: URL(fileURLWithPath: log))
        let resumed = Experiment()
        resumed.specification.threads = threads[1]
        let restored = try resumed.restore(from: first.run)
        #expect(restored == .run(first.position, isComplete: false))
        let second = try resumed.train(runs: scratch("runs"), texts: texts)
        #expect(second.run == first.run)
        #expect(second.isComplete)
        return second.run
    }

    @Test(arguments: [1, 5, 6, 8]) func resumedRunEndsInTheSameBytes(_ stop: Int) throws {
        let specification = tiny(folder)
        let undisturbed = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let resumed = try interrupted(specification, after: stop, threads: [2, 1])
        #expect(try bytes(undisturbed + "/checkpoint.safetensors") == bytes(resumed + "/checkpoint.safetensors"))
        let steps = { (run: String) in
            try String(decoding: bytes(run + "/events.jsonl"), as: UTF8.self).split(separator: "\n").filter { $0.contains("\"event\":\"step\"") }.count
        }
        #expect(try steps(resumed) == steps(undisturbed))
    }

    @Test(arguments: [1, 6]) func microBatchesResumeToTheSameBytes(_ stop: Int) throws {
        var specification = tiny(folder)
        specification.training.microBatch = 3
        let undisturbed = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let resumed = try interrupted(specification, after: stop, threads: [2, 1])
        #expect(try bytes(undisturbed + "/checkpoint.safetensors") == bytes(resumed + "/checkpoint.safetensors"))
    }

    /// Other sums, the same training: losses stay together.
    @Test func microBatchesTrainAlike() throws {
        func losses(_ microBatch: Int?) throws -> [Double] {
            var specification = tiny(folder)
            specification.augmentation.kind = .paper
            specification.training.microBatch = microBatch
            let listener = Listener()
            _ = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener)
            return listener.steps.map(\.loss)
        }
        let (whole, parts) = (try losses(nil), try losses(3))
        #expect(whole.count == parts.count)
        for (a, b) in zip(whole, parts) { #expect(abs(a - b) < 1e-3 * abs(a)) }
    }

    @Test func microBatchLargerThanTheBatch() throws {
        var specification = tiny(folder)
        specification.training.microBatch = 5
        let error = failure { _ = try experiment(specification).train(runs: scratch("runs"), texts: texts) }
        #expect(error == ExperimentError(
            .specification, "train micro-batch=5 is a part of the batch: 1 to 4", help: ["without `micro-batch` it is 16, or the batch where that is smaller"]))
    }

    /// A class with fewer pictures than `per-class` is drawn with replacement; each drawing has its own crop.
    @Test func resumesWithRepeatedPictures() throws {
        var specification = tiny(try scratch.pictures("few", classes: 6, images: 2))
        specification.training = TrainingOptions(epochs: 4, batch: 3, perClass: 3)
        specification.augmentation.kind = .paper
        for microBatch in [nil, 2] {
            specification.training.microBatch = microBatch
            let undisturbed = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
            let resumed = try interrupted(specification, after: 3)
            #expect(try bytes(undisturbed + "/checkpoint.safetensors") == bytes(resumed + "/checkpoint.safetensors"))
        }
    }

    @Test func goesOnInTheSameSession() throws {
        let undisturbed = try experiment(tiny(folder)).train(runs: scratch("runs"), texts: texts).run
        let session = experiment(tiny(folder))
        let listener = Listener()
        let first = try session.train(runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 2 })
        let second = try session.train(runs: scratch("runs"), texts: texts)
        #expect(second.run == first.run)
        #expect(try bytes(undisturbed + "/checkpoint.safetensors") == bytes(second.run + "/checkpoint.safetensors"))
    }

    @Test func changedSettingsBeginANewRun() throws {
        let session = experiment(tiny(folder))
        let listener = Listener()
        let first = try session.train(runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { listener.steps.count >= 2 })
        session.specification.optimizer.rate = 1e-4
        let second = try session.train(runs: scratch("runs"), texts: texts)
        #expect(second.run != first.run)
        #expect(second.steps == 12)
    }

    @Test func finishedRunAsksForMore() throws {
        var specification = tiny(folder)
        specification.training.epochs = 1
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let resumed = Experiment()
        try resumed.restore(from: run)
        #expect(failure { _ = try resumed.train(runs: scratch("runs"), texts: texts) }?.message.contains("already trained") == true)
        resumed.specification.training.epochs = 2
        #expect(try resumed.train(runs: scratch("runs"), texts: texts).steps == 8)
    }

    @Test func changedPicturesAreNoticed() throws {
        var specification = tiny(folder)
        specification.training.steps = 2
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        _ = try scratch.pictures("pictures", classes: 8, images: 4, side: 21)
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training.steps = 4
        #expect(failure { _ = try resumed.train(runs: scratch("runs"), texts: texts) }?.message.contains("pictures have changed") == true)
    }

    @Test func divergenceSaysTheStep() throws {
        var specification = tiny(folder)
        specification.optimizer = OptimizerSpecification(kind: .sgd, rate: 1e38, proxyRate: 1e-2)
        let session = experiment(specification)
        let error = failure { _ = try session.train(runs: scratch("runs"), texts: texts) }
        #expect(error?.kind == .running)
        #expect(error?.message.contains("training stopped at step") == true, "\(error?.message ?? "")")
        #expect(!session.hasTrainedModel, "there is nothing to go back to")
    }

    @Test func divergenceKeepsTheLastGoodCheckpoint() throws {
        var specification = tiny(folder)
        specification.training.epochs = 1
        specification.training.name = "diverges"
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        // Prompts so large that the next loss is no number.
        let file = try SafeTensorsFile(path: run + "/checkpoint.safetensors")
        let arrays = try file.names.map { name in
            var array = try file.array(name)
            if name == "prompts.1" { array.values = array.values.map { _ in .infinity } }
            return array
        }
        try SafeTensors.write(arrays, metadata: file.metadata.filter { $0.key != "sha256" }, to: file.path)
        let checkpoint = try bytes(file.path)
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training.epochs = 2
        let error = failure { _ = try resumed.train(runs: scratch("runs"), texts: texts) }
        #expect(error?.message.contains("step 1 of epoch 2: the loss is not a number") == true, "\(error?.message ?? "")")
        #expect(error?.help.contains { $0.contains("restore \"\(run)\"") } == true)
        #expect(try bytes(file.path) == checkpoint)
    }

    @Test func noPermissionIsSaidBeforeWork() throws {
        try Data().write(to: URL(fileURLWithPath: scratch("blocked")))
        let listener = Listener()
        let error = failure { _ = try experiment(tiny(folder)).train(runs: scratch("blocked"), texts: texts, observer: listener) }
        #expect(error?.kind == .input)
        #expect(error?.message.contains("no run can be kept under") == true)
        #expect(listener.events.isEmpty)
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere")) func readOnlyFolderIsSaidBeforeWork() throws {
        let parent = scratch("locked")
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        chmod(parent, 0o555)
        let error = failure { _ = try experiment(tiny(folder)).train(runs: parent, texts: texts) }
        #expect(error?.message.contains("Permission denied") == true)
    }

    @Test func tooManyClassesAsksForASmallerBatch() {
        var specification = tiny(folder)
        specification.training.batch = 16
        let error = failure { _ = try experiment(specification).train(runs: scratch("runs"), texts: texts) }
        #expect(error?.message.contains("8 classes a batch, but the data has 4") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch("runs")))
    }

    @Test func missingPartsAreNamed() {
        #expect(failure { _ = try Experiment().train(runs: scratch("runs"), texts: texts) }?.help == ["load vit-nano"])
        var specification = tiny(folder)
        specification.data = nil
        #expect(failure { _ = try experiment(specification).train(runs: scratch("runs"), texts: texts) }?.help == ["data glyphs"])
    }
}
