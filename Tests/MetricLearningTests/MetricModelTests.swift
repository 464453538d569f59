import Foundation
import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct MetricModelTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private func small() throws -> VisionTransformer {
        VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 3, heads: 2), seed: 1)
    }

    /// Method section 6, ViT-S/16, C = 100, E = 384.
    @Test func parameterCountsOfTheTable() throws {
        let backbone = VisionTransformer(configuration: .small16)
        func count(_ method: Method, bitfit: Bool = false, _ change: (inout ModelConfiguration) -> Void = { _ in }) throws -> Int {
            var configuration = method.configuration(classes: 100, bitfit: bitfit)
            change(&configuration)
            return try MetricModel(configuration, backbone: backbone, seed: 0).trainableCount
        }
        #expect(try count(.linear) == 187_008)
        #expect(try count(.bitfit) == 238_464)
        #expect(try count(.vpt) == 233_088)
        #expect(try count(.vpt, bitfit: true) == 284_544)
        #expect(try count(.full) == 21_852_672)
        #expect(try count(.full) { $0.backbone = .fullButPatchEmbedding } == 21_852_672 - 384 * (3 * 16 * 16 + 1))
        #expect(try count(.adapter) == 1_573_120)
        #expect(try count(.adapter, bitfit: true) { $0.adapters?.layers = 1 } == 436_480)
        #expect(try count(.adapter) { $0.adapters?.norm = .none } == 1_573_120 - 7 * 2 * 384)
        // Two factors of rank 8 for q and v of 12 blocks; with every target, 4 D x D and two D x 4 D.
        #expect(try count(.lora) == 187_008 + 12 * 2 * 8 * 2 * 384)
        #expect(try count(.lora) { $0.lowRank?.targets = LowRankTarget.allCases } == 187_008 + 12 * 8 * (4 * 2 * 384 + 2 * 5 * 384))
        #expect(try count(.vpt) { $0.prompts = PromptConfiguration(shallow: 10) } == 187_008 + 10 * 384)
        // Cars-196, ViT-S/16: 11 x 80 prompts, two fewer a layer.
        #expect(try count(.vpt) { $0.prompts = PromptConfiguration(layers: 11, count: 80, step: 2) } == 187_008 + (11 * 80 - 110) * 384)
        let oneLayer = PromptConfiguration(layers: 1, count: 5)
        let gru = try count(.vptspG) { $0.semantic?.classPrompts = oneLayer }
        #expect(gru == 1_459_584)
        #expect(try gru - count(.vptspM) { $0.semantic?.classPrompts = oneLayer } == 885_888)
    }

    @Test func tensorsHaveTheirDocumentedNames() throws {
        let model = try MetricModel(Method.vptspG.configuration(classes: 5, depth: 3), backbone: small(), seed: 0)
        let names = model.savedTensors().map(\.name)
        let expected = (0..<3).map { "prompts.\($0)" } + ["head.norm.weight", "head.norm.bias", "head.linear.weight", "head.linear.bias", "proxies"]
            + (0..<3).map { "proxy.prompts.\($0)" } + ["proxy.head.norm.weight", "proxy.head.norm.bias", "proxy.head.linear.weight", "proxy.head.linear.bias"]
            + ["wz", "uz", "bz", "wr", "ur", "br", "wh", "uh", "bh"].map { "proxy.gru.\($0)" } + ["container"]
        #expect(names == expected)
    }

    @Test func adaptersAndUpdatesHaveTheirDocumentedNames() throws {
        var configuration = Method.adapter.configuration(classes: 5, depth: 3)
        configuration.adapters?.layers = 1
        configuration.lowRank = LowRankConfiguration(targets: [.fc1, .q], layers: 1)
        let names = try MetricModel(configuration, backbone: small(), seed: 0).savedTensors().map(\.name)
        let expected = ["down.weight", "down.bias", "up.weight", "up.bias", "norm.weight", "norm.bias"].map { "adapters.2.\($0)" }
            + ["q.a", "q.b", "fc1.a", "fc1.b"].map { "lora.2.\($0)" }
        #expect(Array(names.prefix(expected.count)) == expected)
    }

    @Test func promptsShrinkByTheirStep() throws {
        var configuration = Method.vpt.configuration(classes: 5, depth: 3)
        configuration.prompts = PromptConfiguration(layers: 3, count: 5, step: 3)
        let model = try MetricModel(configuration, backbone: small(), seed: 0)
        #expect(model.prompts.map { $0.value.shape } == [[1, 5, 24], [1, 2, 24]])
    }

    @Test func aRestoredModelEmbedsTheSame() throws {
        let configuration = Method.vptspG.configuration(classes: 5, depth: 3, bitfit: true, head: HeadConfiguration(dim: 16))
        let (a, b) = (try MetricModel(configuration, backbone: small(), seed: 0), try MetricModel(configuration, backbone: small(), seed: 1))
        let images = noise([2, 3, 16, 16], "images")
        let tensors = Dictionary(uniqueKeysWithValues: a.savedTensors().map { ($0.name, $0.value) })
        #expect(try a.embed(images: images, engine: engine).array() != b.embed(images: images, engine: engine).array())
        try b.restore(tensors)
        #expect(try a.embed(images: images, engine: engine).array() == b.embed(images: images, engine: engine).array())

        #expect(throws: MetricLearningError("the saved model has no tensor `proxies`; this model needs it with shape [5, 16]")) {
            try b.restore(tensors.filter { $0.key != "proxies" })
        }
        #expect(throws: MetricLearningError("tensor `proxies` has shape [2, 2]; this model needs [5, 16]")) {
            try b.restore(tensors.merging(["proxies": Tensor(zeros: [2, 2])]) { $1 })
        }
        #expect(throws: MetricLearningError.self) { try b.restore(tensors.merging(["adapters.0.down.weight": Tensor(zeros: [1])]) { $1 }) }
    }

    @Test func withoutAHeadTheFeaturesAreTheEmbedding() throws {
        let model = try MetricModel(Method.linear.configuration(classes: 5, head: HeadConfiguration(kind: .none)), backbone: small(), seed: 0)
        #expect(try model.embed(images: noise([2, 3, 16, 16], "images"), engine: engine).shape == [2, 24])
        #expect(model.proxies?.value.shape == [5, 24])
    }

    /// range=batch gives the loss only the batch's classes; `simple` needs no class prompts; tanh and the mean run too.
    @Test func variantsTrain() throws {
        for (integration, prompts, range) in [
            (ProxyIntegration.gru(norm: .last, cell: .tanh), nil, ModelConfiguration.ProxyRange.batch), (.mean(keep: 0.5), nil, .all),
            (.gru(), PromptConfiguration(layers: 2, count: 3, step: 1), .batch),
        ] as [(ProxyIntegration, PromptConfiguration?, ModelConfiguration.ProxyRange)] {
            let configuration = ModelConfiguration(
                classes: 5, head: HeadConfiguration(dim: 16), prompts: PromptConfiguration(layers: 3, count: 2),
                semantic: SemanticConfiguration(integration: integration, classPrompts: prompts), alpha: 0.4, range: range)
            let model = try MetricModel(configuration, backbone: small(), seed: 0)
            let before = model.buffers[0].value.array()
            let step = try model.step(images: noise([4, 3, 16, 16], "images"), labels: [3, 3, 1, 1], engine: engine)
            #expect(step.loss.isFinite)
            #expect(step.classProxies?.shape == [range == .all ? 5 : 2, 16])
            #expect(model.trainableParameters.allSatisfy { $0.gradient != nil })
            let after = model.buffers[0].value.array()
            #expect(Array(before[0..<16]) == Array(after[0..<16]))
            #expect(Array(before[16..<32]) != Array(after[16..<32]))
        }
    }

    @Test func settingsAndBatchesThatDoNotFitAreRefused() throws {
        let backbone = try small()
        let changes: [(inout ModelConfiguration) -> Void] = [
            { $0.adapters = AdapterConfiguration(layers: 4) }, { $0.adapters = AdapterConfiguration(layers: 0) },
            { $0.adapters = AdapterConfiguration(layers: 1, dim: 0) }, { $0.adapters = AdapterConfiguration(layers: 1, scale: .nan) },
            { $0.lowRank = LowRankConfiguration(layers: 4) }, { $0.lowRank = LowRankConfiguration(rank: 0, layers: 1) },
            { $0.lowRank = LowRankConfiguration(targets: [], layers: 1) }, { $0.lowRank = LowRankConfiguration(targets: [.q, .q], layers: 1) },
            { $0.lowRank = LowRankConfiguration(alpha: .infinity, layers: 1) },
        ]
        for change in changes {
            var configuration = Method.linear.configuration(classes: 5)
            change(&configuration)
            #expect(throws: MetricLearningError.self) { try MetricModel(configuration, backbone: backbone, seed: 0) }
        }
        #expect(throws: MetricLearningError("prompts: 4 layers of tokens, but the backbone has 3 blocks")) {
            var configuration = Method.vpt.configuration(classes: 5)
            configuration.prompts?.layers = 4
            return try MetricModel(configuration, backbone: backbone, seed: 0)
        }
        let model = try MetricModel(Method.vptspM.configuration(classes: 5, depth: 3), backbone: backbone, seed: 0)
        let images = noise([4, 3, 16, 16], "images")
        for labels in [[0, 0, 1, 2], [0, 0, 0, 1], [1, 1, 1, 5], [0, 0, 0, -1], [0, 1, 0, 1], [2, 2, 2]] {
            #expect(throws: MetricLearningError.self) { try model.step(images: images, labels: labels, engine: engine) }
        }
    }
}
