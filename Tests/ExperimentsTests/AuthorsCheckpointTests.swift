import Experiments
import Foundation
import TensorFiles
import Testing

/// Checkpoints under the names of the paper's own program, against what PyTorch makes of pictures with them
/// (Scripts/make-authors-checkpoint.py).
@Suite(.serialized) struct AuthorsCheckpointTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = tests.appendingPathComponent("ExperimentsTests/Resources/authors").path

    /// The backbone of the checkpoints, and a step that their tensors do not tell.
    private func loaded(step: Int = 2) -> Experiment {
        let experiment = Experiment()
        let weights = Self.tests.appendingPathComponent("VisionTransformersTests/Resources/layouts/plain.safetensors").path
        experiment.specification.threads = 1
        experiment.specification.backbone = BackboneSpecification(name: "vit", weights: weights, shape: .init(heads: 2))
        experiment.specification.prompts = PromptSpecification(count: 3, step: step)
        experiment.specification.augmentation.kind = .none
        return experiment
    }

    private func expectSame(_ experiment: Experiment, as name: String) throws {
        let file = scratch("rows.safetensors")
        _ = try experiment.embed(to: file, images: Self.folder)
        let own = try SafeTensorsFile(path: file).array("embeddings").values
        let expected = try SafeTensorsFile(path: Self.folder + "/expected.safetensors").array(name).values
        let worst = zip(own, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(own.count == expected.count && worst < 1e-4, "\(worst)")
    }

    @Test func stateDictionaryGivesTheSameEmbeddings() throws {
        let experiment = loaded()
        let found = try experiment.importAuthors(from: Self.folder + "/checkpoint.pth")
        #expect(found.classes == 6 && !found.hasContainer && found.tunedTensors > 10)
        #expect(found.unmapped == ["model.head.bias (the pretrained classifier)", "model.head.weight (the pretrained classifier)", "rnn_update.W_ia (unused there too)"])
        let specification = experiment.specification
        #expect(specification.tuning == .bitfit && specification.prompts.count == 5 && specification.prompts.layers == nil)
        #expect(specification.proxies.kind == .gru && specification.proxies.count == 3 && specification.head.dim == 12)
        try expectSame(experiment, as: "embeddings")
        // With the step that is really meant left out the rows are others.
        let other = loaded(step: 0)
        _ = try other.importAuthors(from: Self.folder + "/checkpoint.pth")
        _ = try other.embed(to: scratch("other.safetensors"), images: Self.folder)
        let own = try SafeTensorsFile(path: scratch("other.safetensors")).array("embeddings").values
        let expected = try SafeTensorsFile(path: Self.folder + "/expected.safetensors").array("embeddings").values
        #expect(zip(own, expected).contains { abs($0 - $1) > 1e-3 })
    }

    /// Of a DataParallel model, in half precision, inside a dictionary with the container.
    @Test func wrappedCheckpoint() throws {
        let experiment = loaded()
        let found = try experiment.importAuthors(from: Self.folder + "/wrapped.pth")
        #expect(found.hasContainer && experiment.specification.tuning == .full)
        try expectSame(experiment, as: "half")
        try experiment.save(to: scratch("saved.safetensors"))
        let saved = try SafeTensorsFile(path: scratch("saved.safetensors"))
        let container = try SafeTensorsFile(path: Self.folder + "/expected.safetensors").array("container").values
        #expect(zip(try saved.array("container").values, container).allSatisfy { abs($0 - $1) < 1e-6 })
        // A saved model is one like any other.
        let again = loaded()
        try again.restore(from: scratch("saved.safetensors"))
        try expectSame(again, as: "half")
    }

    @Test func namesAsSafetensors() throws {
        let file = try TorchFile(path: Self.folder + "/checkpoint.pth")
        try SafeTensors.write(file.names.map(file.array), to: scratch("checkpoint.safetensors"))
        let experiment = loaded()
        _ = try experiment.importAuthors(from: scratch("checkpoint.safetensors"))
        try expectSame(experiment, as: "embeddings")
    }

    /// The recurrence's tensors by our equation give what the program's own gives: its gate is turned around.
    @Test func recurrenceIsTheSameFunction() throws {
        let experiment = loaded()
        _ = try experiment.importAuthors(from: Self.folder + "/checkpoint.pth")
        try experiment.save(to: scratch("saved.safetensors"))
        let saved = try SafeTensorsFile(path: scratch("saved.safetensors"))
        let expected = try SafeTensorsFile(path: Self.folder + "/expected.safetensors")
        let (p, state) = (try expected.array("input").values, try expected.array("state").values)
        func rows(_ x: [Float], _ name: String) throws -> [Double] {
            let w = try saved.array("proxy.gru." + name).values
            return (0..<3).flatMap { row in (0..<12).map { o in (0..<12).reduce(0.0) { $0 + Double(x[row * 12 + $1]) * Double(w[o * 12 + $1]) } } }
        }
        func bias(_ name: String) throws -> [Double] { try saved.array("proxy.gru." + name).values.map(Double.init) }
        let sigmoid = { (x: Double) in 1 / (1 + exp(-x)) }
        let (wz, uz, bz) = (try rows(p, "wz"), try rows(state, "uz"), try bias("bz"))
        let (wr, ur, br) = (try rows(p, "wr"), try rows(state, "ur"), try bias("br"))
        let (wh, uh, bh) = (try rows(p, "wh"), try rows(state, "uh"), try bias("bh"))
        var next = (0..<36).map { i -> Double in
            let z = sigmoid(wz[i] + uz[i] + bz[i % 12]), r = sigmoid(wr[i] + ur[i] + br[i % 12])
            return (1 - z) * Double(state[i]) + z * max(0, wh[i] + r * uh[i] + bh[i % 12])
        }
        for row in 0..<3 {
            let length = next[row * 12..<(row + 1) * 12].reduce(0) { $0 + $1 * $1 }.squareRoot()
            for i in row * 12..<(row + 1) * 12 { next[i] /= length }
        }
        let theirs = try expected.array("proxies").values
        #expect(zip(next, theirs).allSatisfy { abs($0 - Double($1)) < 1e-5 })
    }

    @Test func whatHasNoCounterpartIsRefused() throws {
        let file = try TorchFile(path: Self.folder + "/checkpoint.pth")
        let arrays = try file.names.map(file.array)
        let path = scratch("x.safetensors")
        func message(_ arrays: [NamedArray], _ experiment: Experiment? = nil) throws -> String {
            try SafeTensors.write(arrays, to: path)
            let experiment = experiment ?? loaded()
            let before = experiment.specification
            let message = failure { _ = try experiment.importAuthors(from: path) }?.description ?? ""
            #expect(experiment.specification == before && !experiment.hasTrainedModel)
            return message
        }
        func one(_ name: String, _ shape: [Int]) -> NamedArray { NamedArray(name: name, shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *))) }
        #expect(try message([one("x", [1])]).contains("no checkpoint of the authors' program"))
        #expect(try message(arrays + [one("dist_head.weight", [12, 16])]).contains("second head for the distillation token"))
        #expect(try message(arrays + [one("model.blocks.1.adapter.down_proj.weight", [4, 16])]).contains("has adapters"))
        #expect(try message(arrays.filter { $0.name != "proxies_bias" }).contains("has no proxies"))
        #expect(try message(arrays.filter { $0.name != "p_head.bias" }).contains("no tensor `p_head.bias`"))
        #expect(try message(arrays.filter { $0.name != "prompts.1" } + [one("prompts.1", [1, 5, 8])]).contains("`prompts.1` has shape [1, 5, 8]"))
        let other = Experiment()
        other.specification.backbone = BackboneSpecification(name: "vit", shape: .init(image: 16, patch: 8, dim: 16, depth: 2, heads: 2))
        let message = try message(arrays, other)
        #expect(message.contains("has shape [16, 3, 4, 4]; `backbone.patch_embed.proj.weight` needs [16, 3, 8, 8]"), "another backbone: \(message)")
        #expect(failure { _ = try loaded().importAuthors(from: Self.folder + "/namespace.pth") }?.message.contains("argparse.Namespace") == true)
    }
}
