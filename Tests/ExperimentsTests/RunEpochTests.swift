import Experiments
import Foundation
import TensorFiles
import Testing

/// The three figures of a training, and the models of their epochs.
@Suite(.serialized) struct RunEpochTests {
    let scratch: Scratch
    let specification: ExperimentSpecification

    init() throws {
        scratch = try Scratch()
        var specification = tiny(try scratch.pictures("pictures"))
        specification.data?.validation = 0.5
        specification.optimizer.rate = 0.02
        specification.schedule.kind = .constant
        specification.training.epochs = 5
        specification.training.evaluateEvery = 1
        self.specification = specification
    }

    /// Evaluations without what a clock says.
    private func figures(_ run: String) throws -> [EvaluationRecord] {
        try RunFolder.open(run).metrics().evaluations.map { record in
            var record = record
            record.seconds = 0
            return record
        }
    }

    private func models(_ run: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasPrefix("epoch-") }.sorted()
    }

    @Test func eachFigureHasItsModel() throws {
        // An earlier checkpoint would keep the models that its own figures name.
        var specification = specification
        specification.training.keep = 1
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let metrics = try RunFolder.open(run).metrics()
        #expect(metrics.evaluations.map(\.part) == (0..<5).flatMap { _ in [EvaluationOptions.Part.validation, .test] })
        // The first of the best, by R@1, then by MAP@R, said once more in other words.
        func best(_ part: EvaluationOptions.Part) -> Int? {
            let all = metrics.evaluations.filter { $0.part == part }
            let keys = all.map { ($0.recall[0].value, $0.meanAveragePrecision ?? 0) }
            let top = keys.max { $0 < $1 } ?? (0, 0)
            return keys.firstIndex { $0 == top }.flatMap { all[$0].epoch }
        }
        #expect(metrics.epoch(of: .last) == 4)
        #expect(metrics.epoch(of: .chosen) == best(.validation))
        #expect(metrics.epoch(of: .best) == best(.test))
        #expect(try models(run) == Set([best(.validation), best(.test)].compactMap { $0 }).map { "epoch-\($0 + 1).safetensors" }.sorted())
        for epoch in RunEpoch.allCases {
            let session = Experiment()
            let number = try #require(metrics.epoch(of: epoch))
            let restored = try session.restore(from: run, epoch: epoch)
            #expect(restored == (epoch == .last ? .run(TrainingPosition(epoch: 5, step: 0), isComplete: true) : .epoch(number, epoch)))
            let found = try session.evaluate(EvaluationOptions(meanAveragePrecision: true)).records[0]
            let known = try #require(metrics.figure(of: epoch))
            #expect(found.recall == known.recall)
            #expect(found.meanAveragePrecision == known.meanAveragePrecision)
        }
    }

    @Test func aRestoredEpochStartsANewRun() throws {
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let session = Experiment()
        try session.restore(from: run, epoch: .best)
        #expect(session.specification.startsFrom?.hasPrefix(run + "/epoch-") == true)
        session.specification.training.epochs = 1
        #expect(try session.train(runs: scratch("runs"), texts: texts).run != run)
    }

    /// Stopped inside an epoch, at its end, and in the evaluation after it: figures and models are those of an undisturbed run.
    @Test(arguments: ["step 3", "step 8", "evaluation 2", "evaluation 5"]) func exactUnderResume(_ stop: String) throws {
        let undisturbed = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let listener = Listener()
        let number = Int(stop.split(separator: " ")[1]) ?? 0
        let first = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener) {
            if stop.hasPrefix("step") { return listener.steps.count >= number }
            return listener.events.contains { if case .epoch(let epoch) = $0 { epoch.epoch + 1 == number } else { false } }
        }
        #expect(number == 5 || !first.isComplete)
        if number == 5 { #expect(try figures(first.run).count == 8, "the last evaluation was not made") }
        let resumed = Experiment()
        try resumed.restore(from: first.run)
        if !first.isComplete {
            _ = try resumed.train(runs: scratch("runs"), texts: texts)
            #expect(try figures(first.run) == figures(undisturbed))
            #expect(try models(first.run) == models(undisturbed))
            for model in try models(undisturbed) { #expect(try bytes(first.run + "/" + model) == bytes(undisturbed + "/" + model)) }
        }
    }

    /// A run that is killed keeps the models of the epochs that its checkpoint's figures name.
    @Test func modelsOutliveLaterCheckpointsOnly() throws {
        var rare = specification
        rare.training.checkpointEvery = 3
        let listener = Listener()
        let undisturbed = try experiment(rare).train(runs: scratch("runs"), texts: texts, observer: listener).run
        let evaluations = try figures(undisturbed)
        // As a kill after the fifth epoch's evaluation and before its checkpoint would leave it, with a checkpoint of epoch 3.
        var shorter = rare
        shorter.training.epochs = 3
        let killed = try experiment(shorter).train(runs: scratch("runs"), texts: texts).run
        let resumed = Experiment()
        try resumed.restore(from: killed)
        resumed.specification.training.epochs = 5
        _ = try resumed.train(runs: scratch("runs"), texts: texts)
        #expect(try figures(killed) == evaluations)
        #expect(try models(killed) == models(undisturbed))
    }

    @Test func theEvaluationOfAFormerEndIsDropped() throws {
        var every = specification
        every.training.evaluateEvery = 2
        every.training.epochs = 3
        let run = try experiment(every).train(runs: scratch("runs"), texts: texts).run
        #expect(try figures(run).compactMap(\.epoch) == [1, 1, 2, 2])
        let resumed = Experiment()
        try resumed.restore(from: run)
        resumed.specification.training.epochs = 4
        _ = try resumed.train(runs: scratch("runs"), texts: texts)
        #expect(try figures(run).compactMap(\.epoch) == [1, 1, 3, 3])
    }

    @Test func whatIsNotThereIsSaid() throws {
        var plain = specification
        plain.training.evaluateEvery = nil
        plain.training.epochs = 1
        let run = try experiment(plain).train(runs: scratch("runs"), texts: texts).run
        #expect(failure { try Experiment().restore(from: run, epoch: .chosen) }?.message.contains("no epoch that is chosen on validation") == true)
        #expect(failure { try Experiment().restore(from: run + "/checkpoint.safetensors", epoch: .best) }?.kind == .specification)
        let evaluated = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        for model in try models(evaluated) { try FileManager.default.removeItem(atPath: evaluated + "/" + model) }
        #expect(failure { try Experiment().restore(from: evaluated, epoch: .best) }?.message.contains("has lost the model of epoch") == true)
    }

    @Test func evaluationsThatCannotBeAreSaidBeforeWork() throws {
        var single = tiny(try scratch.pictures("single", classes: 8, images: 1))
        single.training = TrainingOptions(epochs: 1, batch: 4, perClass: 1, evaluateEvery: 1)
        let error = failure { _ = try experiment(single).train(runs: scratch("none"), texts: texts) }
        #expect(error?.message.contains("one picture, so no picture has another one to find") == true, "\(error?.message ?? "")")
        #expect(!FileManager.default.fileExists(atPath: scratch("none")))
    }

    @Test func peakMemoryIsRecorded() throws {
        let run = try experiment(specification).train(runs: scratch("runs"), texts: texts).run
        let peak = try #require(try RunFolder.open(run).metrics().peakMemory)
        #expect(peak.bytes > 1 << 20)
    }
}
