import Foundation
import TensorEngine
import TensorFiles
import Testing
import VisionTransformers

/// Every layout against timm: Resources/layouts holds tiny networks and what timm made of an image with them
/// (Scripts/make-vit-cases.py).
@Suite struct ViTLayoutTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var layout: ViTLayout
        var side = 12
        var hidden = 64
        var testDescription: String { "\(name) at \(side)" }
    }

    static let cases = [
        Case(name: "plain", layout: ViTLayout()), Case(name: "plain", layout: ViTLayout(), side: 8), Case(name: "plain", layout: ViTLayout(), side: 20),
        Case(name: "distilled", layout: ViTLayout(isDistilled: true)), Case(name: "distilled", layout: ViTLayout(isDistilled: true), side: 20),
        Case(name: "layer-scale", layout: ViTLayout(hasLayerScale: true)),
        Case(name: "registers", layout: ViTLayout(registers: 2, hasLeadingPositions: false, hasLayerScale: true)),
        Case(name: "registers", layout: ViTLayout(registers: 2, hasLeadingPositions: false, hasLayerScale: true), side: 8),
        Case(name: "embedded-registers", layout: ViTLayout(registers: 2)),
        Case(name: "patch-positions", layout: ViTLayout(hasLeadingPositions: false, hasLayerScale: true)),
        Case(name: "clip", layout: ViTLayout(normalizesFirst: true), hidden: 42),
        Case(name: "clip-quick-gelu", layout: ViTLayout(normalizesFirst: true, activation: .quickGELU)),
    ]

    private func file(_ name: String) throws -> WeightFile {
        try WeightFile(path: #require(Bundle.module.url(forResource: "Resources/layouts/\(name)", withExtension: "safetensors")).path)
    }

    private func outputs(_ name: String) throws -> Tensor {
        let path = try #require(Bundle.module.url(forResource: "Resources/layouts/outputs", withExtension: "safetensors")).path
        let array = try SafeTensorsFile(path: path).array(name)
        return try Tensor(array.values, shape: array.shape)
    }

    @Test(arguments: cases) func featuresAreTimms(_ item: Case) throws {
        let file = try file(item.name)
        let description = try ViTFileDescription(file)
        var found = description.layout
        found.activation = item.layout.activation
        #expect(found == item.layout)
        #expect((description.dim, description.depth, description.patch) == (16, 2, 4))
        #expect((description.hidden, description.image) == (item.hidden, 12))
        #expect(description.heads == nil)
        let configuration = try description.configuration(.init(image: item.side, heads: 2, activation: item.layout.activation))
        #expect(configuration.hidden == item.hidden)
        #expect(file.otherImage(than: configuration) == (item.side == 12 ? nil : 12))
        let network = VisionTransformer(configuration: configuration)
        try network.load(file)
        let engine = try Engine(threads: 2)
        for isRecording in [false, true] {
            let tape = Tape(engine: engine, recording: isRecording)
            network.tune(isRecording ? .full : .frozen)
            let features = try network.features(network.tokens(images: outputs("images.\(item.side)"), tape: tape), tape: tape)
            let expected = try outputs("\(item.name).\(item.side)").array()
            let differences: [Float] = zip(features.value.array(), expected).map { abs($0 - $1) }
            let worst = differences.max() ?? .infinity
            #expect(features.value.count == expected.count && worst < 1e-4, "\(worst)")
        }
    }

    /// Every tensor of every layout gets the gradient that central differences of a projection show.
    @Test(arguments: cases.filter { $0.side == 12 }) func everyTensorLearns(_ item: Case) throws {
        let file = try file(item.name)
        let network = VisionTransformer(configuration: try ViTFileDescription(file).configuration(.init(heads: 2, activation: item.layout.activation)))
        try network.load(file)
        network.tune(.full)
        let engine = try Engine(threads: 1)
        let images = try outputs("images.12")
        let weights = try outputs("plain.12")  // any fixed direction
        func value(_ tape: Tape) throws -> Variable {
            let features = try network.features(network.tokens(images: images, tape: tape), tape: tape)
            return try tape.sum(tape.multiply(features, tape.constant(weights)))
        }
        let tape = Tape(engine: engine)
        try tape.backward(from: value(tape))
        for parameter in network.parameters {
            let gradient = try #require(parameter.gradient?.array(), "\(parameter.name) has no gradient")
            let place = gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
            let (old, step) = (parameter.value.pointer[place], Float(5e-3))
            var ends: [Float] = []
            for end in [old + step, old - step] {
                parameter.value.pointer[place] = end
                ends.append(try value(Tape(engine: engine, recording: false)).value.array()[0])
            }
            parameter.value.pointer[place] = old
            let slope = (ends[0] - ends[1]) / (2 * step)
            #expect(abs(slope - gradient[place]) < 0.03 * max(abs(gradient[place]), 0.1), "\(parameter.name): \(slope), \(gradient[place])")
        }
    }

    @Test func whatTensorsDoNotTellIsAskedFor() throws {
        let plain = try ViTFileDescription(file("plain"))
        #expect(throws: ViTError.self) { try plain.configuration() }
        func complaint(_ wishes: ViTFileDescription.Wishes, of name: String = "plain") throws -> String {
            let description = try ViTFileDescription(file(name))
            return #expect(throws: ViTError.self) { try description.configuration(wishes) }?.description ?? ""
        }
        #expect(try complaint(.init()).contains("say it with heads="))
        #expect(try complaint(.init(heads: 3)).contains("dim 16 is not a multiple of heads 3"))
        #expect(try complaint(.init(dim: 32, heads: 2)).contains("dim is 32, but "))
        #expect(try complaint(.init(depth: 3, heads: 2)).contains("holds a network with depth 2"))
        #expect(try complaint(.init(heads: 2, mlpRatio: 3)).contains("mlp-ratio is 3.0, but "))
        #expect(try complaint(.init(image: 13, heads: 2)).contains("image 13 is not a multiple of patch 4"))
        #expect(try complaint(.init(heads: 2), of: "clip").contains("activation=quick-gelu"))
    }

    @Test func aFileOfAnotherLayoutIsRefusedByAPlainNetwork() throws {
        let plain = try ViTConfiguration(image: 12, patch: 4, dim: 16, depth: 2, heads: 2)
        for (name, word) in [("distilled", "dist_token"), ("registers", "reg_token"), ("clip", "norm_pre.weight"), ("layer-scale", "ls1.gamma")] {
            let file = try file(name)
            let error = #expect(throws: ViTError.self) { try file.tensors(for: plain) }
            #expect(error?.description.contains(word) == true && error?.description.contains("`load vit weights=…`") == true)
        }
    }
}
