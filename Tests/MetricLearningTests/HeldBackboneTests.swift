import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct HeldBackboneTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private func model(_ method: Method = .vptspG) throws -> MetricModel {
        let vit = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 2, heads: 2), seed: 1)
        return try MetricModel(method.configuration(classes: 4, depth: 2, bitfit: method != .full, head: HeadConfiguration(dim: 16)), backbone: vit, seed: 0)
    }

    @Test func onlyWhatStandsOnTheBackboneLearns() throws {
        let (held, free) = (try model(), try model())
        let images = noise([4, 3, 16, 16], "images")
        _ = try held.holdingBackbone(true) { try held.step(images: images, labels: [3, 3, 1, 1], engine: engine) }
        _ = try free.holdingBackbone(false) { try free.step(images: images, labels: [3, 3, 1, 1], engine: engine) }
        let inside = Set(held.trainableInsideBackbone.map(\.name))
        #expect(inside.contains("prompts.0") && inside.contains("proxy.prompts.1") && inside.contains("backbone.norm.bias"))
        #expect(inside.isDisjoint(with: ["head.linear.weight", "proxy.head.norm.bias", "proxy.gru.wz", "proxies"]))
        for (a, b) in zip(held.trainableParameters, free.trainableParameters) {
            #expect(a.name == b.name)
            #expect(b.gradient != nil)
            if inside.contains(a.name) { #expect(a.gradient == nil) } else { #expect(a.gradient?.array() == b.gradient?.array()) }
        }
    }

    @Test func whatIsHeldIsTheMethodsOwn() throws {
        #expect(try model(.full).trainableInsideBackbone.count == 4 + 2 * 12 + 2)
        let vit = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 2, heads: 2), seed: 1)
        #expect(try MetricModel(Method.linear.configuration(classes: 4), backbone: vit, seed: 0).trainableInsideBackbone.isEmpty)
    }

    @Test func anErrorLeavesNothingHeld() throws {
        let model = try model()
        let before = model.trainableCount
        #expect(throws: MetricLearningError.self) {
            try model.holdingBackbone(true) { try model.step(images: noise([2, 3, 16, 16], "images"), labels: [9, 9], engine: engine) }
        }
        #expect(model.trainableCount == before)
    }

    @Test func headsMayHaveARateOfTheirOwn() throws {
        let model = try model()
        let groups = model.parameterGroups(rate: 1, headRate: 2, proxyRate: 3, weightDecay: 4)
        #expect(groups.map(\.baseRate) == [1, 2, 3])
        #expect(groups[1].parameters.map(\.name) == model.head.parameters.map(\.name) + (model.semantic?.head.parameters.map(\.name) ?? []))
        #expect(Set(groups.flatMap(\.parameters).map(\.name)) == Set(model.trainableParameters.map(\.name)))
        #expect(model.parameterGroups(rate: 1, proxyRate: 3).map(\.baseRate) == [1, 3])
    }
}
