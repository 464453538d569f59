import Foundation
import Interpreter
import Testing

/// What a user may get wrong, end to end: the exit code, and what the message names.
@Suite(.serialized) struct BadInputTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private func expect(
        _ script: String, _ code: ExitCode, names words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try place.run(script)
        #expect(result.code == code, "\(result.errors)", sourceLocation: sourceLocation)
        for word in words { #expect(result.errors.contains(word), "`\(word)` is not in:\n\(result.errors)", sourceLocation: sourceLocation) }
        #expect(!FileManager.default.fileExists(atPath: place("runs")), "nothing was begun", sourceLocation: sourceLocation)
    }

    @Test func missingWeights() throws {
        try expect("load vit-s16 weights=\"\(place("none.safetensors"))\"\n", .rejected, names: ["none.safetensors", "^^^"])
    }

    @Test func weightsThatAreNone() throws {
        try place.write("\u{FF}\u{FF}not a header", to: "weights.safetensors")
        try expect("load vit-nano weights=\"\(place("weights.safetensors"))\"\n", .inputMissing, names: ["weights.safetensors"])
    }

    @Test func imageThatIsNone() throws {
        try place.write("not a picture", to: "birds/class01/9.png")
        try expect("data folder path=\"\(place("birds"))\"\n", .inputMissing, names: ["class01/9.png", "skip-bad"])
        let skipped = try place.run("data folder path=\"\(place("birds"))\" skip-bad -> set\nprint $set.skipped\n")
        #expect(skipped.code == .success, "\(skipped.errors)")
        #expect(skipped.text.contains("skipped 1 file"))
        #expect(skipped.text.contains("class01/9.png"))
        #expect(skipped.text.hasSuffix("1\n"))
    }

    @Test func classWithOneImageIsSaidAndTrains() throws {
        try place.picture("birds/class00x/0.png", label: 1)
        let result = try place.run(place.tiny + "train epochs=1 batch=4\n")
        #expect(result.code == .success, "\(result.errors)")
        #expect(result.text.contains("class00x"))
    }

    @Test func emptyFolder() throws {
        try FileManager.default.createDirectory(atPath: place("empty"), withIntermediateDirectories: false)
        try expect("data folder path=\"\(place("empty"))\"\n", .inputMissing, names: ["empty", "no class folders"])
        try FileManager.default.createDirectory(atPath: place("birds/class99"), withIntermediateDirectories: false)
        try expect("data folder path=\"\(place("birds"))\"\n", .inputMissing, names: ["class99", "no pictures"])
    }

    @Test func batchThatDoesNotDivide() throws {
        try expect(place.tiny + "train batch=7 per-class=2\n", .rejected, names: ["batch", "per-class", "7"])
    }

    @Test func moreClassesThanThereAre() throws {
        try expect(place.tiny + "train batch=16 per-class=2\n", .failed, names: ["8 classes a batch", "has 4", "batch=8"])
        try expect("load vit-nano\ndata glyphs\ntrain batch=800 per-class=2\n", .rejected, names: ["200"])
    }

    @Test func lossThatIsNoNumber() throws {
        let result = try place.run(place.tiny + "optim sgd lr=1e38 clip-norm=1e38\ntrain epochs=2 batch=4\n")
        #expect(result.code == .failed)
        #expect(result.errors.contains("training stopped at step"), "\(result.errors)")
    }

    /// Options that would do nothing are errors that say where they belong, before anything runs.
    @Test(arguments: [
        ("prompts where=shallow layers=2", "`layers` belongs to `where=deep`"), ("prompts where=shallow step=1", "`step` belongs to `where=deep`"),
        ("tune bitfit freeze=patch-embedding", "`freeze`"), ("adapter none dim=3", "`dim`"), ("adapter parallel layers=7", "6 blocks"),
        ("lora none rank=3", "`rank` does not go with `none`"), ("lora targets=[q, w]", "does not take `w`"), ("lora layers=9", "6 blocks"),
        ("proxies none step=1", "`step`"), ("method full bitfit", "`bitfit`"), ("prompts step=5000", "`step` must be"),
    ]) func optionsWithoutAnEffect(_ statement: String, _ words: String) throws {
        try expect("load vit-nano\n\(statement)\n", .rejected, names: [words, "^"])
    }

    @Test(arguments: [
        ("lora\ntune full\ntrain batch=4", "`tune full` trains them"), ("tune full\nlora\ntrain batch=4", "lora none"),
    ]) func whatOnlyRunningShows(_ statements: String, _ words: String) throws {
        try expect(place.tiny + "method linear\n\(statements)\n", .failed, names: [words])
    }

    @Test func whatCannotBeMerged() throws {
        try expect("load vit-nano\nsave \"m.safetensors\" whole merge\n", .rejected, names: ["`merge` does not go with `whole`"])
        let result = try place.run(place.tiny + "train steps=1 batch=4\nsave \"\(place("m.safetensors"))\" merge\n")
        #expect(result.code == .failed)
        #expect(result.errors.contains("prompts are tokens of their own") && result.errors.contains("`save` without `merge`"), "\(result.errors)")
    }

    @Test func tenErrorsAtOnce() throws {
        let script = """
            vps 1
            sed 0
            load vit-nanno
            data glyphs distorte
            prompts layers=0
            proxies gru aplha=0.3
            loss proxy-anchor alpha=-1
            optim sgd lr=5e-3 lr=6e-3
            schedule cosine epochs=1.5
            train epochs=$epochs
            eval recall=[0]
            print $nobody

            """
        let result = try place.run(script)
        #expect(result.code.rawValue == 65)
        #expect(result.errors.components(separatedBy: "error[VPS").count - 1 >= 10, "\(result.errors)")
        #expect(result.text == "")
    }

    @Test func runsThatCannotBeWritten() throws {
        try place.write("", to: "runs")
        let result = try place.run(place.tiny + "train epochs=1 batch=4\n")
        #expect(result.code == .inputMissing)
        #expect(result.errors.contains("no run can be kept under"))
        #expect(!result.text.contains("epoch 1"))
    }

    @Test func modelOfAnotherBackbone() throws {
        let saved = try place.run(place.tiny + "train epochs=1 batch=4\nsave \"\(place("m.safetensors"))\"\n")
        #expect(saved.code == .success, "\(saved.errors)")
        let result = try place.run("load vit-nano\nrestore \"\(place("m.safetensors"))\"\n")
        #expect(result.code == .inputMissing)
        #expect(result.errors.contains("was trained on vit random-0"), "\(result.errors)")
        let fresh = try place.run("restore \"\(place("m.safetensors"))\"\ndata folder path=\"\(place("birds"))\"\neval -> r\nprint $r.queries\n")
        #expect(fresh.code == .success, "\(fresh.errors)")
        #expect(fresh.text.hasSuffix("16\n"))
    }
}
