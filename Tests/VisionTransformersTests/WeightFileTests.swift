import Foundation
import TensorEngine
import TensorFiles
import Testing
import VisionTransformers

@Suite struct WeightFileTests {
    let folder: WeightFolder
    let configuration: ViTConfiguration

    init() throws {
        folder = try WeightFolder()
        configuration = try ViTConfiguration(image: 8, patch: 4, dim: 4, depth: 2, heads: 2)
    }

    private func write(_ arrays: [NamedArray]) throws -> String {
        let path = try folder.file("w.safetensors")
        try SafeTensors.write(arrays, to: path)
        return path
    }

    private func complaint(_ arrays: [NamedArray]) throws -> String {
        let path = try write(arrays)
        let error = #expect(throws: ViTError.self) { try WeightFile(path: path).tensors(for: configuration) }
        return error?.description.replacingOccurrences(of: folder.path + "/", with: "") ?? ""
    }

    @Test func timmFilesWithoutTheirClassifier() throws {
        let all = weights(of: configuration)
        let classifier = [NamedArray(name: "head.weight", shape: [3, 4], values: Array(repeating: 0, count: 12)), NamedArray(name: "head.bias", shape: [3], values: [0, 0, 0])]
        let path = try write(all + classifier)
        #expect(try WeightFile(path: path).tensors(for: configuration) == all)
        let model = VisionTransformer(configuration: configuration)
        try model.load(file: path)
        for (parameter, array) in zip(model.parameters, all) {
            #expect(parameter.name == "backbone." + array.name)
            #expect(parameter.value.array() == array.values)
        }
    }

    @Test func anotherShapeIsNamedWithBoth() throws {
        var all = weights(of: configuration)
        all[6] = NamedArray(name: "blocks.0.attn.qkv.weight", shape: [2, 4], values: Array(repeating: 0, count: 8))
        #expect(try complaint(all) == "w.safetensors: tensor `blocks.0.attn.qkv.weight` has shape [2, 4]; this network needs [12, 4]")
    }

    @Test func aFileThatDoesNotFitLeavesTheNetworkAlone() throws {
        let model = VisionTransformer(configuration: configuration, seed: 3)
        let before = model.parameters.map { $0.value.array() }
        let path = try write(Array(weights(of: configuration).dropLast()))
        #expect(throws: ViTError.self) { try model.load(file: path) }
        #expect(model.parameters.map { $0.value.array() } == before)
    }

    @Test func missingAndUnexpectedTensorsAreNamed() throws {
        var all = weights(of: configuration)
        all.removeLast()
        all.append(NamedArray(name: "norm.bia", shape: [4], values: [0, 0, 0, 0]))
        #expect(try complaint(all) == """
            w.safetensors does not fit:
              tensor `norm.bias` of shape [4] is missing
              tensor `norm.bia` of shape [4] has no place in this network
            """)
    }

    @Test func manyFaultsAreCounted() throws {
        let other = try ViTConfiguration(image: 8, patch: 4, dim: 8, depth: 3, heads: 2)
        let text = try complaint(weights(of: other))
        #expect(text.hasSuffix("\n  and \(4 + 24 + 2 + 12 - 6) more"))
        #expect(text.contains("tensor `cls_token` has shape [1, 1, 8]; this network needs [1, 1, 4]"))
    }

    @Test func positionsThatAreNoSquareAreRefused() throws {
        let all = weights(of: configuration).map { array in
            array.name == "pos_embed" ? NamedArray(name: array.name, shape: [1, 7, 4], values: Array(repeating: 0, count: 28)) : array
        }
        #expect(try complaint(all) == "w.safetensors: tensor `pos_embed` has shape [1, 7, 4]; this network needs [1, 5, 4]")
    }

    @Test(arguments: [
        ("dist_token", "distilled"), ("reg_token", "register tokens"), ("norm_pre.weight", "CLIP"), ("blocks.0.ls1.gamma", "layer scale"),
        ("fc_norm.weight", "averages its tokens"), ("blocks.0.mlp.w12.weight", "SwiGLU"), ("blocks.1.attn.q_norm.weight", "normalises queries"),
        ("attn_pool.latent", "SigLIP"), ("decoder_embed.weight", "masked autoencoder"), ("register_tokens", "DINOv2's own program"),
        ("blocks.0.attn.q_bias", "BEiT"), ("blocks.0.attn.q_proj.weight", "EVA"),
    ]) func kindsThatAreNotSupported(_ name: String, _ words: String) throws {
        let text = try complaint(weights(of: configuration) + [NamedArray(name: name, shape: [1], values: [0])])
        #expect(text.contains(words))
    }

    @Test(arguments: [
        ("vit.embeddings.cls_token", "Hugging Face's transformers library"), ("vision_model.embeddings.class_embedding", "CLIP in Hugging Face's"),
        ("visual.class_embedding", "OpenAI's CLIP"), ("encoder.layers.encoder_layer_0.ln_1.weight", "torchvision"),
        ("module.blocks.0.norm1.weight", "begin with `module.`"), ("backbone.blocks.0.norm1.weight", "`restore` takes it"),
    ]) func namesOfOtherLibraries(_ name: String, _ words: String) throws {
        #expect(try complaint([NamedArray(name: name, shape: [1], values: [0])]).contains(words))
    }

    @Test func networksWithoutWhatWeNeed() throws {
        #expect(try complaint(weights(of: configuration).filter { $0.name != "cls_token" }).contains("without a CLS token"))
        #expect(try complaint([NamedArray(name: "conv1.weight", shape: [1], values: [0])]).contains("holds no vision transformer"))
    }

    @Test func filesThatAreTruncated() throws {
        let path = try write(weights(of: configuration))
        let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(truncate(path, off_t(size - 64)) == 0)
        let error = #expect(throws: TensorFileError.self) { try WeightFile(path: path).tensors(for: configuration) }
        #expect(error?.tensor != nil)
        #expect(error?.description.contains("truncated") == true)
    }
}
