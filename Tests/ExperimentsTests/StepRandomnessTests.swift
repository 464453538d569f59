import Experiments
import Foundation
import TensorFiles
import Testing

/// Dropout, frozen epochs and rates in whole trainings, and across an interruption.
@Suite(.serialized) struct StepRandomnessTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    private func checkpoint(_ specification: ExperimentSpecification, stopAfter stop: Int? = nil) throws -> (bytes: Data, path: String) {
        let listener = Listener()
        let session = experiment(specification)
        let first = try session.train(
            runs: scratch("runs"), texts: texts, observer: listener, shouldStop: { stop.map { listener.steps.count >= $0 } ?? false })
        guard stop != nil else { return (try bytes(first.run + "/checkpoint.safetensors"), first.run) }
        #expect(!first.isComplete)
        let resumed = Experiment()
        resumed.specification.threads = 2
        try resumed.restore(from: first.run)
        #expect(try resumed.train(runs: scratch("runs"), texts: texts).run == first.run)
        return (try bytes(first.run + "/checkpoint.safetensors"), first.run)
    }

    /// 4 steps an epoch: the stops lie in a frozen epoch, at its end, and after it.
    @Test(arguments: [2, 4, 7]) func resumesExactly(_ stop: Int) throws {
        var specification = tiny(folder)
        specification.proxies.dropout = 0.3
        specification.schedule.freezeEpochs = 1
        specification.optimizer = OptimizerSpecification(kind: .sgd, rate: 1e-2, headRate: 2e-2, momentum: 0.9, nesterov: true)
        let whole = try checkpoint(specification)
        #expect(try checkpoint(specification, stopAfter: stop).bytes == whole.bytes)
        specification.proxies.dropout = 0
        #expect(try checkpoint(specification).bytes != whole.bytes, "dropout does something")
    }

    @Test func frozenEpochsMoveHeadAndProxiesOnly() throws {
        var specification = tiny(folder)
        specification.tuning = .bitfit
        specification.schedule.freezeEpochs = 1
        func values(steps: Int) throws -> [String: [Float]] {
            specification.training.steps = steps
            let file = try SafeTensorsFile(path: checkpoint(specification).path + "/checkpoint.safetensors")
            return Dictionary(uniqueKeysWithValues: try file.names.map { ($0, try file.array($0).values) })
        }
        let (one, four, five) = (try values(steps: 1), try values(steps: 4), try values(steps: 5))
        #expect(one["head.linear.weight"] != four["head.linear.weight"])
        #expect(one["proxies"] != four["proxies"])
        for name in ["prompts.0", "proxy.prompts.1", "backbone.blocks.0.attn.qkv.bias"] {
            #expect(one[name] != nil && one[name] == four[name])
            #expect(four[name] != five[name])
        }
        #expect(four["optimizer.steps.prompts.0"] == nil && five["optimizer.steps.prompts.0"] == [1])
    }

    @Test func frozenEpochsWithNothingToFreezeAreRefused() throws {
        var specification = tiny(folder)
        specification.applyMethod(.linear)
        specification.schedule.freezeEpochs = 1
        let error = failure { _ = try experiment(specification).train(runs: scratch("runs"), texts: texts) }
        #expect(error?.kind == .specification)
        #expect(error?.message.contains("freeze-epochs=1 holds prompts and backbone still, but nothing of them is trained anyway") == true)
    }

    /// torch's CosineAnnealingLR with T = 50 and eta_min = 1e-8, the CUB recipe, over fewer epochs.
    @Test func ratesOfACurveLongerThanTheTraining() throws {
        var specification = tiny(folder)
        specification.optimizer = OptimizerSpecification(kind: .sgd, rate: 5e-3, proxyRate: 0.1)
        specification.schedule = ScheduleSpecification(kind: .cosine, epochs: 50, minimum: 1e-8)
        specification.training.epochs = 2
        let listener = Listener()
        _ = try experiment(specification).train(runs: scratch("runs"), texts: texts, observer: listener)
        #expect(listener.steps.map(\.rate).prefix(4) == [5e-3, 5e-3, 5e-3, 5e-3])
        let last = try #require(listener.steps.last)
        #expect(abs(last.rate - 0.0049950668309370365) < 1e-15)
        #expect(abs(last.proxyRate - 0.09990133643127994) < 1e-14)
    }

    @Test(arguments: [ProxySpecification.Integration.gru, .mean], [ProxySpecification.SimplePrompts.generic, .none])
    func simpleProxiesTrainAndCount(_ integration: ProxySpecification.Integration, _ prompts: ProxySpecification.SimplePrompts) throws {
        var specification = tiny(folder)
        specification.proxies = ProxySpecification(kind: .simple, simpleIntegration: integration, simplePrompts: prompts)
        specification.training.epochs = 1
        let session = experiment(specification)
        let outcome = try session.train(runs: scratch("runs"), texts: texts)
        #expect(session.parameterCounts?.total == outcome.trainableParameters)
        #expect(session.parameterCounts?.classPrompts == 0)
        #expect((session.parameterCounts?.gru ?? 0) == (integration == .gru ? 6 * 16 * 16 + 3 * 16 : 0))
    }
}
