import RandomStreams
import TensorEngine
import Testing
import VisionTransformers

/// What methods put into a network, against the network written out, and its gradients against central differences.
@Suite struct InsertionTests {
    private let engine: Engine
    private let configuration: ViTConfiguration
    private let images: Tensor

    init() throws {
        engine = try Engine(threads: 2)
        configuration = try ViTConfiguration(image: 16, patch: 8, dim: 12, depth: 3, heads: 2, mlpRatio: 2)
        images = Self.filled([2, 3, 16, 16], "images")
    }

    private static func filled(_ shape: [Int], _ name: String, scale: Float = 1) -> Tensor {
        var stream = RandomStream(seed: 9, purpose: .testing, name: name)
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = Float(stream.normal()) * scale }
        return tensor
    }

    private func parameter(_ name: String, _ shape: [Int], scale: Float = 0.5) -> Parameter {
        Parameter(name: name, value: Self.filled(shape, name, scale: scale), isTrainable: true)
    }

    /// Weights large enough for every part to matter.
    private func network() -> VisionTransformer {
        let network = VisionTransformer(configuration: configuration)
        for parameter in network.parameters { parameter.value = Self.filled(parameter.value.shape, parameter.name, scale: 0.3) }
        return network
    }

    private func adapter(_ block: Int, _ placement: BlockAdapter.Placement, _ norm: BlockAdapter.Norm, scale: Float) -> BlockAdapter {
        func affine(_ part: String, _ shape: [Int], _ size: Int) -> BlockAdapter.Affine {
            BlockAdapter.Affine(weight: parameter("\(block).\(part).weight", shape), bias: parameter("\(block).\(part).bias", [size]))
        }
        return BlockAdapter(
            placement: placement, normPlace: norm, scale: scale, down: affine("down", [5, 12], 5), up: affine("up", [12, 5], 12),
            norm: norm == .none ? nil : affine("norm", [12], 12))
    }

    private func update(_ target: LowRankTarget, _ block: Int) -> LowRankUpdate {
        let shape = target.shape(in: configuration)
        return LowRankUpdate(
            target: target, a: parameter("\(block).\(target).a", [2, shape.in]), b: parameter("\(block).\(target).b", [shape.out, 2]), scale: 0.7)
    }

    private func features(_ network: VisionTransformer, _ prompts: PromptSet? = nil) throws -> [Float] {
        let tape = Tape(engine: engine, recording: false)
        return try network.features(network.tokens(images: images, tape: tape), prompts: prompts, tape: tape).value.array()
    }

    /// Both images' features, by the network written out.
    private func plainFeatures(_ network: VisionTransformer, _ prompts: PromptSet?) -> [Double] {
        let pixels = images.array()
        let plain = PlainTransformer(network: network, prompts: prompts)
        return (0..<2).flatMap { plain.features(image: Array(pixels[$0 * 768..<($0 + 1) * 768])) }
    }

    /// Features within 1e-5 of the network written out; and d(sum of weighted features) / d(each parameter that learns)
    /// within 1e-3 of central differences of it, which it gives in double.
    private func expectEqual(
        _ network: VisionTransformer, _ prompts: PromptSet? = nil, _ parameters: [Parameter] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = plainFeatures(network, prompts)
        for (found, expected) in zip(try features(network, prompts), expected) {
            #expect(abs(Double(found) - expected) < 1e-5 * max(abs(expected), 1), sourceLocation: sourceLocation)
        }
        let weights = Self.filled([2, 12], "weights")
        let tape = Tape(engine: engine)
        let features = try network.features(network.tokens(images: images, tape: tape), prompts: prompts, tape: tape)
        try tape.backward(from: tape.sum(tape.multiply(features, tape.constant(weights))))
        for parameter in parameters {
            let gradient = try #require(parameter.gradient, "\(parameter.name)", sourceLocation: sourceLocation)
            let largest = gradient.array().map { Double(abs($0)) }.max() ?? 0
            for i in Set([0, parameter.value.count / 3, parameter.value.count - 1]).sorted() {
                let original = parameter.value.pointer[i]
                let ends = [Float(2e-4), -2e-4].map { step -> (at: Double, value: Double) in
                    parameter.value.pointer[i] = original + step
                    let value = zip(plainFeatures(network, prompts), weights.array()).reduce(0) { $0 + $1.0 * Double($1.1) }
                    return (Double(parameter.value.pointer[i]), value)
                }
                parameter.value.pointer[i] = original
                let slope = (ends[0].value - ends[1].value) / (ends[0].at - ends[1].at)
                #expect(abs(slope - Double(gradient.pointer[i])) < 1e-3 * max(largest, 1e-2), "\(parameter.name)[\(i)]", sourceLocation: sourceLocation)
            }
        }
    }

    @Test(arguments: BlockAdapter.Placement.allCases, BlockAdapter.Norm.allCases)
    func adaptersDoWhatTheirFormulaSays(_ placement: BlockAdapter.Placement, _ norm: BlockAdapter.Norm) throws {
        for scale: Float in [1, 0.3] {
            var insertions = BlockInsertions()
            for block in 1..<3 { insertions.adapters[block] = adapter(block, placement, norm, scale: scale) }
            let adapted = VisionTransformer(network(), insertions: insertions)
            try expectEqual(adapted, nil, insertions.parameters)
        }
    }

    /// Every target, in the first block (shared by both passes), in between, and in the last (the CLS row alone), under
    /// prompts, whose keys and values are updated too.
    @Test func lowRankUpdatesAreSumsOfWeights() throws {
        var insertions = BlockInsertions()
        for block in 0..<3 { insertions.updates[block] = LowRankTarget.allCases.map { update($0, block) } }
        let updated = VisionTransformer(network(), insertions: insertions)
        try expectEqual(updated, nil, insertions.parameters)
        for parameter in insertions.parameters { parameter.gradient = nil }
        let layers = (0..<3).map { parameter("prompts.\($0)", [1, 4, 12]) }
        try expectEqual(updated, PromptSet(shared: layers), layers + insertions.parameters)
    }

    @Test(arguments: [[LowRankTarget.q], [.k], [.v], [.o], [.fc1], [.fc2], [.q, .v]])
    func someTargets(_ targets: [LowRankTarget]) throws {
        var insertions = BlockInsertions()
        for block in [0, 2] { insertions.updates[block] = targets.map { update($0, block) } }
        let updated = VisionTransformer(network(), insertions: insertions)
        try expectEqual(updated, nil, insertions.parameters)
    }

    @Test func mergedWeightsGiveTheSameFeatures() throws {
        var insertions = BlockInsertions()
        for block in 0..<3 { insertions.updates[block] = LowRankTarget.allCases.map { update($0, block) } }
        let updated = VisionTransformer(network(), insertions: insertions)
        let merged = VisionTransformer(configuration: configuration)
        try merged.load(Dictionary(uniqueKeysWithValues: updated.mergedTensors().map { ($0.name, $0.value) }))
        let (expected, found) = (try features(updated), try features(merged))
        #expect(zip(expected, found).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(zip(expected, try features(network())).contains { abs($0 - $1) > 1e-2 }, "the updates matter")

        insertions.adapters[0] = adapter(0, .parallel, .post, scale: 1)
        #expect(throws: ViTError.self) { try VisionTransformer(network(), insertions: insertions).mergedTensors() }
    }

    /// Prompts that stay pass through queries, projections, MLPs and adapters; their place among the rows does not matter.
    @Test func shallowPromptsStayInTheSequence() throws {
        let prompts = parameter("prompts.0", [1, 4, 12])
        let base = network()
        try expectEqual(base, PromptSet(staying: prompts), [prompts])
        prompts.gradient = nil

        var insertions = BlockInsertions()
        insertions.adapters[0] = adapter(0, .parallel, .post, scale: 1)
        insertions.updates[0] = [update(.q, 0), update(.v, 0)]
        base.tune(.biases)
        let adapted = VisionTransformer(base, insertions: insertions)
        try expectEqual(adapted, PromptSet(staying: prompts), [prompts] + insertions.parameters + base.parameters.filter(\.isTrainable))
    }

    @Test func shallowPromptsOfANetworkOfOneBlock() throws {
        let one = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 12, depth: 1, heads: 2))
        for parameter in one.parameters { parameter.value = Self.filled(parameter.value.shape, parameter.name, scale: 0.3) }
        let prompts = parameter("prompts.0", [1, 4, 12])
        try expectEqual(one, PromptSet(staying: prompts), [prompts])
    }

    /// Layers with fewer and fewer prompts, as `step` makes them.
    @Test func layersMayHaveDifferentNumbersOfPrompts() throws {
        let layers = [3, 2, 1].enumerated().map { parameter("prompts.\($0)", [1, $1, 12]) }
        try expectEqual(network(), PromptSet(shared: layers), layers)
    }

    @Test func threadsChangeNothing() throws {
        var insertions = BlockInsertions()
        insertions.adapters[2] = adapter(2, .sequential, .post, scale: 1)
        for block in 0..<3 { insertions.updates[block] = LowRankTarget.allCases.map { update($0, block) } }
        let prompts = parameter("prompts.0", [1, 4, 12])
        func gradients(threads: Int) throws -> [[Float]] {
            let network = VisionTransformer(network(), insertions: insertions)
            let tape = Tape(engine: try Engine(threads: threads))
            let features = try network.features(network.tokens(images: images, tape: tape), prompts: PromptSet(staying: prompts), tape: tape)
            try tape.backward(from: tape.sum(tape.multiply(features, features)))
            defer { for parameter in insertions.parameters + [prompts] { parameter.gradient = nil } }
            return (insertions.parameters + [prompts]).map { $0.gradient?.array() ?? [] }
        }
        #expect(try gradients(threads: 1) == gradients(threads: 3))
    }
}
