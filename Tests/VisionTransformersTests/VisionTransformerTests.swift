import RandomStreams
import TensorEngine
import Testing
import VisionTransformers

@Suite struct VisionTransformerTests {
    let configuration: ViTConfiguration
    init() throws { configuration = try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 3, heads: 2, mlpRatio: 2) }

    private func filled(_ shape: [Int], _ name: String, scale: Float = 1) -> Tensor {
        var stream = RandomStream(seed: 9, purpose: .testing, name: name)
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = Float(stream.normal()) * scale }
        return tensor
    }

    @Test func parameterCounts() throws {
        func count(_ c: ViTConfiguration) -> Int { c.tensorShapes.map { $0.shape.reduce(1, *) }.reduce(0, +) }
        #expect(count(.small16) == 21_665_664)
        #expect(count(.base16) == 85_798_656)
        #expect(count(.nano) == 1_219_456)
    }

    @Test func refusesSizesThatDoNotFit() {
        #expect(throws: ViTError("image 50 is not a multiple of patch 8")) { try ViTConfiguration(image: 50, patch: 8, dim: 24, depth: 1, heads: 2) }
        #expect(throws: ViTError("dim 24 is not a multiple of heads 5")) { try ViTConfiguration(image: 48, patch: 8, dim: 24, depth: 1, heads: 5) }
        #expect(throws: ViTError.self) { try ViTConfiguration(image: 48, patch: 8, dim: Int.max, depth: 1, heads: 2) }
    }

    @Test func missingAndMisshapenTensorsAreNamed() throws {
        let network = VisionTransformer(configuration: configuration)
        var tensors = Dictionary(uniqueKeysWithValues: configuration.tensorShapes.map { ($0.name, Tensor(zeros: $0.shape)) })
        try network.load(tensors)
        tensors["blocks.1.attn.qkv.weight"] = Tensor(zeros: [4, 4])
        #expect(throws: ViTError("tensor `blocks.1.attn.qkv.weight` has shape [4, 4]; this network needs [72, 24]")) { try network.load(tensors) }
        tensors["blocks.1.attn.qkv.weight"] = nil
        #expect(throws: ViTError.self) { try network.load(tensors) }
    }

    /// Prompts of a class equal to one shared set must give the same features, and a shared set must matter.
    @Test func classPromptsAndSharedPromptsAgree() throws {
        let engine = try Engine(threads: 2)
        let network = VisionTransformer(configuration: configuration, seed: 1)
        let images = filled([3, 3, 16, 16], "images")
        let tape = Tape(engine: engine, recording: false)
        let tokens = try network.tokens(images: images, tape: tape)
        let set = filled([1, 4, 24], "prompt")
        let perClass = Tensor(uninitialized: [5, 4, 24])
        for c in 0..<5 { (perClass.pointer + c * set.count).update(from: set.pointer, count: set.count) }
        let plain = try network.features(tokens, tape: tape).value.array()
        let shared = try network.features(tokens, prompts: PromptSet(shared: [Parameter(name: "p", value: set)]), tape: tape).value.array()
        let own = try network.features(tokens, prompts: PromptSet(perClass: [Parameter(name: "p", value: perClass)], labels: [4, 0, 4]), tape: tape).value.array()
        #expect(shared == own)
        #expect(zip(plain, shared).contains { abs($0 - $1) > 1e-4 })
    }

    @Test func tuningChoosesWhatLearns() {
        let network = VisionTransformer(configuration: configuration)
        network.tune(.biases)
        #expect(network.parameters.filter(\.isTrainable).allSatisfy { $0.name.hasSuffix("bias") })
        #expect(network.parameters.contains { $0.isTrainable })
        network.tune(.frozen)
        #expect(!network.parameters.contains { $0.isTrainable })
        network.tune(.full)
        #expect(network.parameters.allSatisfy { $0.isTrainable })
    }
}
