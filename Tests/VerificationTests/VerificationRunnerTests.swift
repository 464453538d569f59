import Foundation
import TensorFiles
import Testing
import Verification

@Suite struct VerificationRunnerTests {
    let folder: CaseFolder
    init() throws { folder = try CaseFolder() }

    @Test func everySupportedCasePasses() throws {
        let (summary, lines) = try folder.run(threads: 2)
        #expect(summary.passed == 8 && summary.failed == 0 && summary.unsupported == 0, "\(lines.joined(separator: "\n"))")
        #expect(summary.succeeded)
        #expect(lines.count == 9)
        #expect(lines.last == "8 passed, 0 failed, 0 unsupported")
        for line in lines where line.hasPrefix("pass") { #expect(line.contains(" compared") && line.contains("worst ")) }
    }

    @Test func threadsChangeNoLine() throws {
        #expect(try folder.run(threads: 1).lines == folder.run(threads: 3).lines)
    }

    /// One number a little off, in each kind of expectation, fails and is named.
    @Test(arguments: [
        ("vptsp-g-adamw", "final.proxy.gru.wz"), ("vptsp-g-adamw", "grad.prompts.1"), ("vptsp-g-adamw", "embeddings.2"), ("vptsp-g-adamw", "loss.1"),
        ("vptsp-g-adamw", "class_proxies.0"), ("vptsp-g-adamw", "container.2"), ("vptsp-m-bitfit", "final.backbone.blocks.1.mlp.fc1.bias"),
        ("full-nca", "eval.embeddings"), ("full-nca", "grad.backbone.pos_embed"), ("loss-proxy-anchor", "grad.weights.0"), ("loss-proxy-anchor", "loss"),
    ]) func aWrongNumberIsNamed(_ name: String, _ tensor: String) throws {
        try folder.keep(name)
        try folder.change(name) { arrays in
            for index in arrays.indices where arrays[index].name == tensor {
                let largest = arrays[index].values.indices.max { abs(arrays[index].values[$0]) < abs(arrays[index].values[$1]) } ?? 0
                arrays[index].values[largest] *= 1.01
            }
        }
        let (summary, lines) = try folder.run()
        #expect(summary.failed == 1 && !summary.succeeded)
        #expect(lines[0].hasPrefix("FAIL") && lines[0].contains(" in \(tensor);"), "\(lines[0])")
    }

    @Test func numbersThatAreNotFiniteFail() throws {
        try folder.keep("loss-proxy-anchor")
        try folder.change("loss-proxy-anchor") { arrays in
            for index in arrays.indices where arrays[index].name == "grad.embeddings" { arrays[index].values[3] = .nan }
        }
        #expect(try folder.run().lines[0].contains("worst infinity"))
    }

    @Test func aWrongFigureAndAWrongPixelFail() throws {
        try folder.keep("metrics", "image")
        try folder.put(try folder.text("cases.json").replacingOccurrences(of: "\"map_at_r\":0.", with: "\"map_at_r\":0.9"), "cases.json")
        let image = try SafeTensorsFile(path: folder.file("image.safetensors"))
        var decoded = try image.bytes("decoded")
        decoded.values[7] ^= 0x80
        try SafeTensors.write([], bytes: [decoded, image.bytes("crop_bilinear")], to: folder.file("image.safetensors"))
        let lines = try folder.run().lines
        #expect(lines[0].hasPrefix("FAIL") && lines[0].contains("in map_at_r;"), "\(lines[0])")
        #expect(lines[1].hasPrefix("FAIL") && lines[1].contains("of 1 in decoded in grey levels;"), "\(lines[1])")
    }

    @Test func settingsThatNobodyReadsAreUnsupported() throws {
        try folder.set("temperature", 3)
        let (summary, lines) = try folder.run()
        #expect(summary.passed == 0 && summary.unsupported == 8)
        #expect(lines[0] == "unsupported  vptsp-g-adamw      the setting `temperature`")
    }

    /// Settings that contradict the tensors fail with the reason, and nothing of the claimed size is made.
    @Test(arguments: [
        ("classes", "1000000000000", "`init.proxies` has shape [4, 6]; the settings ask for [1000000000000, 6]"), ("dim", "-1", "settings ask for [-1, 12]"),
        ("prompts", "[99999999999, 3]", "layers of prompts"), ("prompts", "[2, 9]", "the settings ask for [1, 9, 12]"), ("prompts", "[2]", "2 whole numbers"),
        ("class_prompts", "[1, -2]", "none below 0"), ("batch", "5", "`images.0` has shape [4, 3, 16, 16]; the settings ask for [5, 3, 16, 16]"),
        ("per_class", "4", "runs of 4 equal labels"), ("per_class", "0", "runs of 0 equal labels"), ("alpha", "2", "alpha is 2.0"), ("lr", "\"fast\"", "`lr` should be a number"),
        ("lr", "null", "`lr` is missing"), ("lr", "-1", "learning rate is -1.0"), ("vit", "{\"img_size\": 16}", "`vit.patch_size` should be"),
        ("vit", "{\"img_size\": 16, \"patch_size\": 8, \"embed_dim\": 100000, \"depth\": 2, \"num_heads\": 2}", "the settings ask for [1, 1, 100000]"),
        ("vit", "{\"img_size\": 16, \"patch_size\": 7, \"embed_dim\": 12, \"depth\": 2, \"num_heads\": 2}", "not a multiple of patch"),
    ]) func contradictions(_ key: String, _ value: String, _ words: String) throws {
        try folder.keep("vptsp-g-adamw")
        try folder.set(key, try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed))
        let (summary, lines) = try folder.run()
        #expect(summary.failed == 1)
        #expect(lines[0].contains(words), "\(lines[0])")
    }

    @Test(arguments: [
        ("[3, 4, \"parallel\"]", "3 blocks with adapters of 2"), ("[0, 4, \"parallel\"]", "0 blocks"), ("[1, 100000000000, \"parallel\"]", "the settings ask for [100000000000, 12]"),
        ("[1, 4]", "two whole numbers and a word"), ("\"parallel\"", "should be a list"), ("[1, 4, 4]", "two whole numbers and a word"),
    ]) func contradictoryAdapters(_ value: String, _ words: String) throws {
        try folder.keep("adapter")
        try folder.set("adapter", try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed))
        let (summary, lines) = try folder.run()
        #expect(summary.failed == 1)
        #expect(lines[0].contains(words), "\(lines[0])")
    }

    @Test(arguments: [("norm", "\"never\""), ("optim", "\"lion\""), ("loss", "\"circle\""), ("method", "\"lora\""), ("kind", "\"speed\"")])
    func wordsThatAreNotKnownAreUnsupported(_ key: String, _ value: String) throws {
        try folder.keep("vptsp-g-adamw")
        try folder.set(key, try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed))
        #expect(try folder.run().summary.unsupported == 1)
    }

    @Test func filesThatAreMissingOrCut() throws {
        try folder.keep("metrics", "image")
        try FileManager.default.removeItem(atPath: folder.file("image.jpeg"))
        #expect(truncate(folder.file("metrics.safetensors"), 900) == 0)
        let (summary, lines) = try folder.run()
        #expect(summary.failed == 2)
        #expect(lines[0].contains("truncated") && lines[1].contains("image.jpeg"))
    }

    @Test func missingTensorsAreNamed() throws {
        try folder.keep("vptsp-g-adamw")
        try folder.change("vptsp-g-adamw") { $0.removeAll { $0.name == "final.proxies" } }
        #expect(try folder.run().lines[0].contains("`final.proxies`"))
    }

    @Test(arguments: [
        ("", "not valid JSON"), ("[]", "no list `cases`"), ("{\"cases\": 3}", "no list `cases`"), ("{\"cases\": []}", "is empty"), ("{\"cases\": [1]}", "case 0 is not an object"),
        ("{\"cases\": [{\"name\": \"a\"}]}", "case 0 is not an object with a name and a kind"), ("{\"cases\": [{\"name\": \"../a\", \"kind\": \"loss\"}]}", "cannot be a file's"),
        ("{\"cases\": [{\"name\": \"a\", \"kind\": \"x\"}, {\"name\": \"a\", \"kind\": \"x\"}]}", "is there twice"),
    ]) func unusableLists(_ text: String, _ words: String) throws {
        try folder.put(text, "cases.json")
        let error = #expect(throws: VerificationError.self) { try folder.run() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func aDirectoryWithoutAList() {
        #expect(throws: VerificationError.self) { try VerificationRunner.run(directory: "/nowhere", output: { _ in }, threads: 1) }
    }
}
