import Experiments
import Foundation
import TensorFiles
import Testing
import VisionTransformers

@Suite(.serialized) struct ModelFileTests {
    let scratch: Scratch
    let folder: String

    init() throws {
        scratch = try Scratch()
        folder = try scratch.pictures("pictures")
    }

    private func trained(_ method: MethodPreset = .vptspG) throws -> Experiment {
        var specification = tiny(folder)
        specification.applyMethod(method)
        specification.training.epochs = 1
        let session = experiment(specification)
        _ = try session.train(runs: scratch("runs"), texts: texts)
        return session
    }

    @Test(arguments: MethodPreset.allCases) func comesBackAsItWas(_ method: MethodPreset) throws {
        let session = try trained(method)
        let file = scratch("model.safetensors")
        try session.save(to: file)
        let names = try SafeTensorsFile(path: file).names
        #expect(names.contains { $0.hasPrefix("backbone.") } == [.bitfit, .full, .hypViT, .rsAtK].contains(method), "only what is tuned is saved")
        let fresh = Experiment()
        fresh.specification.data = session.specification.data
        #expect(try fresh.restore(from: file) == .model(classes: 4))
        #expect(fresh.specification.method == method)
        _ = try session.embed(to: scratch("a.npy"))
        _ = try fresh.embed(to: scratch("b.npy"))
        #expect(try bytes(scratch("a.npy")) == bytes(scratch("b.npy")))
    }

    @Test func wholeModelHasTheBackbone() throws {
        let session = try trained()
        let part = try session.save(to: scratch("part.safetensors"))
        let whole = try session.save(to: scratch("whole.safetensors"), wholeBackbone: true)
        #expect(whole - part == session.backboneSummary?.parameters)
    }

    @Test func refusesAnotherBackbone() throws {
        let file = scratch("model.safetensors")
        try trained().save(to: file)
        let other = Experiment()
        other.specification.seed = 9
        other.specification.backbone = tiny(folder).backbone
        let error = failure { try other.restore(from: file) }
        #expect(error?.message.contains("random-0") == true && error?.message.contains("random-9") == true, "\(error?.message ?? "")")
        #expect(!other.hasTrainedModel)
        #expect(other.specification.seed == 9)
    }

    @Test func trainingGoesOnFromASavedModel() throws {
        let file = scratch("model.safetensors")
        let session = try trained()
        try session.save(to: file)
        let fresh = experiment(session.specification)
        try fresh.restore(from: file)
        fresh.specification.optimizer.rate = 0
        fresh.specification.optimizer.proxyRate = 0
        fresh.specification.optimizer.weightDecay = 0
        fresh.specification.training = TrainingOptions(epochs: 1, batch: 4, steps: 1)
        _ = try fresh.train(runs: scratch("runs"), texts: texts)
        try fresh.save(to: scratch("again.safetensors"))
        let (before, after) = (try SafeTensorsFile(path: file), try SafeTensorsFile(path: scratch("again.safetensors")))
        #expect(try before.array("head.linear.weight").values == after.array("head.linear.weight").values)
        fresh.specification.prompts.count = 5
        #expect(failure { _ = try fresh.train(runs: scratch("runs"), texts: texts) }?.message.contains("no longer that model's") == true)
    }

    @Test func otherFilesAreRefused() throws {
        let session = try trained()
        #expect(failure { try session.save(to: scratch("none/model.safetensors")) } != nil)
        try SafeTensors.write([NamedArray(name: "x", shape: [1], values: [1])], to: scratch("x.safetensors"))
        #expect(failure { try session.restore(from: scratch("x.safetensors")) }?.message.contains("not a model that `save` wrote") == true)
        #expect(failure { try session.restore(from: folder) }?.message.contains("not the folder of a run") == true)
        #expect(failure { try session.restore(from: scratch("nothing")) }?.message.contains("there is no model file") == true)
        #expect(session.hasTrainedModel, "a failed restore leaves what was there")
    }

    @Test func untrainedModelIsNotSaved() {
        #expect(failure { try experiment(tiny(folder)).save(to: scratch("m.safetensors")) }?.kind == .state)
    }

    @Test func damagedWeightsAreNamed() throws {
        let file = scratch("weights.safetensors")
        var specification = tiny(folder)
        specification.backbone?.weights = file
        var arrays = try ViTConfiguration(image: 16, patch: 8, dim: 16, depth: 2, heads: 2).tensorShapes.map { name, shape in
            NamedArray(name: name, shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
        }
        try SafeTensors.write(arrays, to: file)
        #expect(try experiment(specification).loadBackbone().depth == 2)

        let whole = try bytes(file)
        try whole.dropLast(8).write(to: URL(fileURLWithPath: file))
        #expect(failure { try experiment(specification).loadBackbone() }?.message.contains("weights.safetensors") == true)

        arrays[1] = NamedArray(name: "pos_embed", shape: [1, 3, 16], values: [Float](repeating: 0, count: 48))
        try SafeTensors.write(arrays, to: file)
        let shape = failure { try experiment(specification).loadBackbone() }
        #expect(shape?.kind == .input)
        for words in ["weights.safetensors", "3 positions in `pos_embed`", "no square of patches"] { #expect(shape?.description.contains(words) == true, "\(shape?.description ?? "")") }

        arrays.removeAll { $0.name == "blocks.1.mlp.fc2.bias" }
        arrays[1] = NamedArray(name: "pos_embed", shape: [1, 5, 16], values: [Float](repeating: 0, count: 80))
        try SafeTensors.write(arrays, to: file)
        #expect(failure { try experiment(specification).loadBackbone() }?.description.contains("blocks.1.mlp.fc2.bias") == true)
    }

    @Test(arguments: MethodPreset.allCases) func countsAreThoseOfTheModel(_ method: MethodPreset) throws {
        let session = try trained(method)
        let run = try RunFolder.open(try FileManager.default.contentsOfDirectory(atPath: scratch("runs")).map { scratch("runs/") + $0 }[0])
        #expect(session.parameterCounts?.total == (try run.manifest().trainableParameters))
    }
}
