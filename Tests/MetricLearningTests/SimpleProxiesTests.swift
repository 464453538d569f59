import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct SimpleProxiesTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    /// With equal heads, one image a class and nothing kept, the stored proxies are the second pass's embeddings.
    private func model(_ simple: SemanticConfiguration.SimplePrompts?, hasPrompts: Bool = true, integration: ProxyIntegration = .mean(keep: 0)) throws -> MetricModel {
        let vit = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 3, heads: 2), seed: 1)
        let configuration = ModelConfiguration(
            classes: 4, head: HeadConfiguration(dim: 16, initial: .orthogonal), prompts: hasPrompts ? PromptConfiguration(layers: 2, count: 3) : nil,
            semantic: simple.map { SemanticConfiguration(integration: integration, classPrompts: nil, simplePrompts: $0) })
        return try MetricModel(configuration, backbone: vit, seed: 0)
    }

    private let images = noise([2, 3, 16, 16], "images")

    private func stored(_ model: MetricModel) throws -> [Float] {
        _ = try model.step(images: images, labels: [2, 0], engine: engine)
        let rows = model.buffers[0].value.array()
        return Array(rows[32..<48]) + Array(rows[0..<16])
    }

    private func close(_ a: [Float], _ b: [Float]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 } }

    @Test func genericProxiesAreTheBatchsOwnFeatures() throws {
        let model = try model(.generic)
        #expect(try close(stored(model), model.embed(images: images, engine: engine).array()))
        #expect(model.prompts.allSatisfy { $0.gradient != nil })
    }

    @Test func withoutPromptsTheyAreTheFeaturesOfTheBareBackbone() throws {
        let bare = try model(nil, hasPrompts: false).embed(images: images, engine: engine).array()
        #expect(try close(stored(model(SemanticConfiguration.SimplePrompts.none)), bare))
        #expect(try !close(bare, model(nil).embed(images: images, engine: engine).array()))
        #expect(try close(stored(model(SemanticConfiguration.SimplePrompts.none, hasPrompts: false)), stored(model(.generic, hasPrompts: false))))
    }

    /// ViT-S/16, C = 100, E = 384: the row `vpt` (233,088) with a second head (148,608) and the recurrence (885,888).
    @Test func parameterCounts() throws {
        let backbone = VisionTransformer(configuration: .small16)
        func count(_ integration: ProxyIntegration) throws -> Int {
            var configuration = Method.vpt.configuration(classes: 100)
            configuration.semantic = SemanticConfiguration(integration: integration, classPrompts: nil)
            return try MetricModel(configuration, backbone: backbone, seed: 0).trainableCount
        }
        #expect(try count(.mean()) == 381_696)
        #expect(try count(.gru()) == 1_267_584)
    }
}
