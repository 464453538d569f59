import Foundation
import TensorFiles
import Testing
import VisionTransformers

@Suite struct WeightResolverTests {
    let folder: WeightFolder
    init() throws { folder = try WeightFolder() }

    private func resolver(_ environment: [String: String] = [:]) -> WeightResolver {
        WeightResolver(environment: ["HOME": folder.path].merging(environment) { $1 })
    }

    private let hub = "models--timm--vit_small_patch16_224.augreg_in21k/snapshots"

    @Test func aPathIsTakenAsItIs() throws {
        let path = try folder.put("", "own.safetensors")
        #expect(try resolver().resolve(.vitSmall16, path: path) == ResolvedWeights(path: path, origin: "given path", recordedSHA256: nil))
        #expect(try resolver().resolve(.vitSmall16, path: "~/own.safetensors").path == path)
        #expect(throws: ViTError("there is no weight file \(folder.path)/none")) { try resolver().resolve(.vitSmall16, path: "~/none") }
        #expect(throws: ViTError.self) { try resolver().resolve(.vitSmall16, path: folder.path) }
    }

    @Test(arguments: [
        "vit_small_patch16_224.augreg_in21k.safetensors", "vit_small_patch16_224.augreg_in21k/model.safetensors", "vit-s16.safetensors",
        "S_16-i21k-300ep-lr_0.001-aug_light1-wd_0.03-do_0.0-sd_0.0.npz", "models--timm--vit_small_patch16_224.augreg_in21k/snapshots/1/model.safetensors",
    ]) func theVariablesFolderIsSearched(_ name: String) throws {
        let path = try folder.put("", "weights/" + name)
        try folder.put("", "weights/B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0.npz")  // the other network
        let found = try resolver(["VPTSP_WEIGHTS": folder.path + "/weights"]).resolve(.vitSmall16)
        #expect(found.path == path && found.origin == "$VPTSP_WEIGHTS")
    }

    @Test func theVariableMayBeAFileOrTheModelsOwnFolder() throws {
        let path = try folder.put("", "any.npz")
        #expect(try resolver(["VPTSP_WEIGHTS": path]).resolve(.vitBase16).path == path)
        let clone = try folder.put("", "vit_base_patch16_224.augreg_in21k/model.safetensors")
        #expect(try resolver(["VPTSP_WEIGHTS": folder.path + "/vit_base_patch16_224.augreg_in21k"]).resolve(.vitBase16).path == clone)
    }

    @Test(arguments: [
        ([:], ".cache/huggingface/hub"), (["HF_HOME": "~/hf"], "hf/hub"), (["HF_HUB_CACHE": "~/hc", "HF_HOME": "~/hf"], "hc"), (["XDG_CACHE_HOME": "~/xdg"], "xdg/huggingface/hub"),
    ] as [([String: String], String)]) func theHuggingFaceCache(_ environment: [String: String], _ cache: String) throws {
        try folder.put("", "\(cache)/\(hub)/a/model.safetensors")
        let main = try folder.put("", "\(cache)/\(hub)/b/model.safetensors")
        try folder.put("b\n", "\(cache)/\(hub)/../refs/main")
        let found = try resolver(environment).resolve(.vitSmall16)
        #expect(found.path == main && found.origin == "Hugging Face cache")
    }

    @Test func theFoldersThatFetchFillsWithItsNote() throws {
        let path = try folder.put("abc", ".cache/vptsp/vit_base_patch16_224.augreg_in21k.safetensors")
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        try folder.put("\(digest)  vit_base_patch16_224.augreg_in21k.safetensors\n", ".cache/vptsp/vit_base_patch16_224.augreg_in21k.safetensors.sha256")
        let found = try resolver().resolve(.vitBase16)
        #expect(found == ResolvedWeights(path: path, origin: "fetched", recordedSHA256: digest))
        #expect(try found.checkedSHA256() == digest)
        try folder.put("changed", ".cache/vptsp/vit_base_patch16_224.augreg_in21k.safetensors")
        let error = #expect(throws: ViTError.self) { try found.checkedSHA256() }
        #expect(error?.description.contains("has changed since it was fetched") == true)
    }

    @Test func whereItLookedAndHowToFetch() throws {
        #expect(throws: ViTError("""
            the weights of vit-s16 (vit_small_patch16_224.augreg_in21k) are not on this machine. Looked in:
              $VPTSP_WEIGHTS: \(folder.path)/w
              \(folder.path)/.cache/huggingface/hub/\(hub) (Hugging Face cache)
              \(folder.path)/.cache/vptsp/vit_small_patch16_224.augreg_in21k.safetensors
            Fetch them with `vptsp fetch vit-s16`, name the file with `weights=`, or set VPTSP_WEIGHTS to the file or its folder.
            """)) { try resolver(["VPTSP_WEIGHTS": "~/w"]).resolve(.vitSmall16) }
    }
}
