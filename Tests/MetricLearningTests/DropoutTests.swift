import MetricLearning
import TensorEngine
import Testing
import VisionTransformers

@Suite struct DropoutTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private let place = BatchPlace(seed: 3, epoch: 1, step: 4)

    @Test func hidesAShareAndKeepsTheMean() throws {
        let tape = Tape(engine: engine)
        let x = Parameter(name: "x", value: try Tensor(Array(repeating: 2, count: 4000), shape: [40, 100]), isTrainable: true)
        var drawn = place.stream(.dropout)
        let y = try tape.dropout(tape.parameter(x), rate: 0.25, stream: &drawn)
        let values = y.value.array()
        #expect(Set(values) == [0, 2 / 0.75])
        #expect(abs(values.count { $0 == 0 } - 1000) < 100)
        try tape.backward(from: tape.sum(y))
        #expect(x.gradient?.array() == values.map { $0 / 2 })
    }

    @Test func isAFunctionOfTheStep() throws {
        let x = noise([8, 16], "x")
        func dropped(_ place: BatchPlace, threads: Int = 1) throws -> [Float] {
            let tape = Tape(engine: try Engine(threads: threads), recording: false)
            var drawn = place.stream(.dropout)
            return try tape.dropout(tape.constant(x), rate: 0.5, stream: &drawn).value.array()
        }
        let first = try dropped(place)
        #expect(try dropped(place, threads: 2) == first)
        for other in [BatchPlace(seed: 4, epoch: 1, step: 4), BatchPlace(seed: 3, epoch: 2, step: 4), BatchPlace(seed: 3, epoch: 1, step: 5)] {
            #expect(try dropped(other) != first)
        }
    }

    private func model(dropout: Float) throws -> MetricModel {
        let vit = VisionTransformer(configuration: try ViTConfiguration(image: 16, patch: 8, dim: 24, depth: 2, heads: 2), seed: 1)
        let configuration = ModelConfiguration(
            classes: 4, head: HeadConfiguration(dim: 16), prompts: PromptConfiguration(layers: 2, count: 2),
            semantic: SemanticConfiguration(integration: .gru(dropout: dropout), classPrompts: PromptConfiguration(layers: 1, count: 2)))
        return try MetricModel(configuration, backbone: vit, seed: 0)
    }

    /// The recurrence sees other values, the embeddings of the step and of evaluation the same ones.
    @Test func actsOnTheRecurrenceInTrainingOnly() throws {
        let (plain, dropping) = (try model(dropout: 0), try model(dropout: 0.5))
        let images = noise([4, 3, 16, 16], "images")
        let a = try plain.step(images: images, labels: [3, 3, 1, 1], engine: engine)
        let b = try dropping.step(images: images, labels: [3, 3, 1, 1], place: place, engine: engine)
        #expect(a.embeddings.array() == b.embeddings.array())
        #expect(plain.buffers[0].value.array() != dropping.buffers[0].value.array())
        #expect(try plain.embed(images: images, engine: engine).array() == dropping.embed(images: images, engine: engine).array())
        let again = try model(dropout: 0.5)
        _ = try again.step(images: images, labels: [3, 3, 1, 1], place: place, engine: engine)
        let stored = dropping.buffers[0].value.array()
        #expect(again.buffers[0].value.array() == stored)
        #expect(stored[16..<32].contains(0), "the new state itself loses values, and is what the container keeps")
        let length: Float = stored[16..<32].reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 1e-5)
    }

    @Test func theShareIsBelowOne() {
        #expect(throws: MetricLearningError("dropout is 1.0; expected 0 up to below 1")) { try model(dropout: 1) }
    }
}
