import DataMiniatures
import Foundation
import Interpreter
import Testing

/// `data` as a user has it: what it prints and returns, what a run keeps of it, and that evaluation follows it.
@Suite(.serialized) struct DataTests {
    let place: Workplace
    private let tiny = "threads 1\nload vit image=16 patch=8 dim=16 depth=2 heads=2\n"

    init() throws { place = try Workplace() }

    @Test(arguments: DataMiniatures.names) func readsEveryBenchmark(_ name: String) throws {
        let (session, output) = place.session()
        let script = """
            data \(name) path="\(DataMiniatures.path(name))" -> set
            print "{$set.train-images} {$set.train-classes} {$set.test-images} {$set.test-classes} {$set.query-images} {$set.gallery-images} {$set.skipped}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasPrefix("\(name)  train 32 images of 8 classes, test 32 of 8"))
        #expect(output.text.contains("  warning: not as ") && output.text.contains("8 training classes (published: "))
        #expect(output.text.hasSuffix(name == "inshop" ? "32 8 32 8 16 16 0\n" : "32 8 32 8 32 32 0\n"), "\(output.text)")
        #expect(output.text.contains(": 16 queries, 16 gallery  (list_eval_partition.txt)") == (name == "inshop"))
    }

    @Test func showIsAScript() throws {
        for options in ["skip-bad decode=exact validate=0.25", "decode=exact fold=2 folds=4", "decode=fast cache=\"\(place("crops"))\" cache-limit=4GiB"] {
            let (session, output) = place.session()
            let statement = "data cub200 path=\"\(DataMiniatures.path("cub200"))\" \(options)"
            #expect(session.execute(statement + "\nshow data\n") == .succeeded, "\(output.errors)")
            #expect(output.text.hasSuffix(statement + "\n"), "\(output.text)")
        }
    }

    @Test func aRunKeepsCountsAndWarnings() throws {
        let (session, output) = place.session()
        let script = tiny + "data cars196 path=\"\(DataMiniatures.path("cars196"))\" folds=4 fold=1\nmethod linear\ntrain epochs=1 steps=2 batch=8 per-class=2 evaluate=1\n"
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.contains("validation 8 of 2"))
        let manifest = try String(decoding: place.bytes(#require(try place.runs().last) + "/manifest.json"), as: UTF8.self)
        #expect(manifest.contains("not as Cars-196 was published: 32 training images (published: 8054)"))
        #expect(manifest.contains("\"layout\" : \"cars_annos.mat\"") && manifest.contains("\"validationClasses\" : 2"))
        let resolved = try String(decoding: place.bytes(#require(try place.runs().last) + "/resolved.vps"), as: UTF8.self)
        #expect(resolved.contains("fold=1 folds=4"))
    }

    @Test func crossValidation() throws {
        let (session, output) = place.session()
        let script = tiny + """
            let recalls = 0
            for f in 1..4 {
              data sop path="\(DataMiniatures.path("sop"))" folds=4 fold=$f -> set
              method linear
              train epochs=1 steps=1 batch=8 per-class=2
              eval on=validation -> result
              print "{$set.train-classes} {$set.validation-classes} {$result.queries}"
              let recalls = $recalls + $result.recall@1
            }
            print "mean {$recalls / 4:.2}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.components(separatedBy: "\n6 2 8\n").count == 5, "\(output.text)")
        #expect(output.text.contains("\nmean "))
    }

    /// Pictures that ask look alike by class, but in the gallery only the other class looks like them: among all others
    /// everyone finds its own, against the gallery no one does.
    @Test func queriesSearchTheGalleryAlone() throws {
        var rows = "path,label,split,is_query,is_gallery\n"
        for (number, (label, look, isQuery)) in [(0, 0, true), (0, 0, true), (1, 9, true), (1, 9, true), (0, 9, false), (1, 0, false)].enumerated() {
            // Twins ask, so that each is the other's nearest; the gallery's are a little different.
            try place.picture("test\(number).png", label: look, number: isQuery ? 0 : 1, side: 16)
            rows += "test\(number).png,\(label),test,\(isQuery),\(!isQuery)\n"
        }
        for number in 0..<2 {
            try place.picture("train\(number).png", label: 20)
            rows += "train\(number).png,train,train,,\n"
        }
        try place.write(rows, to: "t.csv")
        try place.write(rows.replacingOccurrences(of: "false", with: "true"), to: "all.csv")
        let (session, output) = place.session()
        let script = tiny + """
            data csv path="\(place("t.csv"))"
            eval recall=[1, 2] -> split
            print "{$split.recall@1} {$split.recall@2} {$split.queries}"
            data csv path="\(place("all.csv"))"
            eval recall=[1] -> all
            print "{$all.recall@1:.2} {$all.queries}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.contains("\n0 1 4\n"), "\(output.text)")
        #expect(output.text.hasSuffix("0.67 6\n"), "\(output.text)")
    }

    @Test(arguments: [
        ("data sop path=\"PLACE\"\n", ExitCode.inputMissing, ["holds no Stanford Online Products", "Ebay_train.txt and Ebay_test.txt", "looked in"]),
        ("data sop path=\"PLACE/none\"\n", .rejected, ["VPS402", "none"]),
        ("data csv path=\"PLACE/t.csv\"\n", .inputMissing, ["t.csv:2", "`trian` in column `split` is none of train, validation and test"]),
        ("data cub200 path=\"PLACE\" fold=2\n", .rejected, ["`fold` needs `folds`"]),
        ("data cub200 path=\"PLACE\" fold=3 folds=2\n", .rejected, ["`fold=3` is larger than `folds=2`"]),
        ("data cub200 path=\"PLACE\" fold=1 folds=2 validate=0.1\n", .rejected, ["`validate` does not go with `fold`"]),
        ("data cub200 path=\"PLACE\" split=order\n", .rejected, ["`split` belongs to `data folder`"]),
        ("data glyphs path=\"PLACE\"\n", .rejected, ["path"]),
        ("data glyphs folds=300 fold=1\n", .inputMissing, ["200 training classes cannot be divided into 300 folds", "folds from 2 to 200"]),
    ])
    func saysWhatIsWrong(_ script: String, _ code: ExitCode, _ words: [String]) throws {
        try place.write("path,label,split\na.png,a,trian\n", to: "t.csv")
        let result = try place.run(script.replacingOccurrences(of: "PLACE", with: place.path))
        #expect(result.code == code, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "`\(word)` is not in:\n\(result.errors)") }
    }

    @Test func skippedFilesAreCounted() throws {
        try FileManager.default.copyItem(atPath: DataMiniatures.path("inshop"), toPath: place("inshop"))
        try FileManager.default.removeItem(atPath: place("inshop/img/MEN/Denim/id_00000003/01_1_front.jpg"))
        let script = "data inshop path=\"\(place("inshop"))\""
        let stopped = try place.run(script + "\n")
        #expect(stopped.code == .inputMissing)
        #expect(stopped.errors.contains("id_00000003/01_1_front.jpg: no such file, named in \(place("inshop/Eval/list_eval_partition.txt")):11"), "\(stopped.errors)")
        let skipped = try place.run(script + " skip-bad -> set\nprint $set.skipped\n")
        #expect(skipped.code == .success && skipped.text.hasSuffix("1\n"), "\(skipped.errors)")
        #expect(skipped.text.contains("img/MEN/Denim/id_00000003/01_1_front.jpg: no such file"))
    }
}
