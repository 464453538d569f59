import DataMiniatures
import Foundation
import ImageData
import Testing

/// Lists that are wrong: each is refused with its file, its line, and what is wrong there.
struct LabelListTests {
    /// A miniature with one of its files rewritten.
    private func changed(_ name: String, _ file: String, _ change: (inout [String]) -> Void) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.remove("")
        try FileManager.default.copyItem(atPath: DataMiniatures.path(name), toPath: folder.path)
        var lines = try String(contentsOfFile: folder.path + "/" + file, encoding: .utf8).components(separatedBy: "\n")
        change(&lines)
        try folder.write(file, Array(lines.joined(separator: "\n").utf8))
        return folder
    }

    private func fault(_ benchmark: Benchmark, _ file: String, _ change: (inout [String]) -> Void) throws -> String {
        let folder = try changed(benchmark.rawValue, file, change)
        do {
            _ = try benchmark.load(path: folder.path)
            return ""
        } catch { return "\(error)".replacingOccurrences(of: folder.path + "/", with: "") }
    }

    @Test func malformedLines() throws {
        #expect(try fault(.cub200, "images.txt") { $0[3] = "4" } == "images.txt:4: has 1 of 2 parts: `4`; a line holds a picture's number and its path: 1 001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg")
        #expect(try fault(.cub200, "image_class_labels.txt") { $0[0] = "1 one" } == "image_class_labels.txt:1: `one` is no class number; they are whole numbers from 1 on")
        #expect(try fault(.cub200, "image_class_labels.txt") { $0[1] = "2 99999999999999999999" }.hasPrefix("image_class_labels.txt:2: `99999999999999999999` is no class number"))
        #expect(try fault(.cub200, "image_class_labels.txt") { $0[1] = "-2 1" }.hasPrefix("image_class_labels.txt:2: `-2` is no picture number"))
        #expect(try fault(.cub200, "image_class_labels.txt") { $0[1] = "1 1" } == "image_class_labels.txt:2: gives picture 1 a second class")
        #expect(try fault(.cub200, "image_class_labels.txt") { $0.remove(at: 1) } == "images.txt:2: names picture 2, to which image_class_labels.txt gives no class")
        #expect(try fault(.cub200, "images.txt") { $0.remove(at: 1) } == "image_class_labels.txt: gives picture 2 a class, but images.txt does not name it")
        #expect(try fault(.sop, "Ebay_train.txt") { $0[7] = "7 2 2" }.hasPrefix("Ebay_train.txt:8: has 3 of 4 parts: `7 2 2`"))
        #expect(try fault(.sop, "Ebay_test.txt") { $0[7] = "7 0 2 x.JPG" }.hasPrefix("Ebay_test.txt:8: `0` is no class number"))
        #expect(try fault(.inshop, "Eval/list_eval_partition.txt") { $0[5] = "img/x.jpg id_00000001 trian" } == "Eval/list_eval_partition.txt:6: `trian` is none of train, query and gallery")
        #expect(try fault(.inshop, "Eval/list_eval_partition.txt") { $0.remove(at: 9) } == "Eval/list_eval_partition.txt: announces 64 pictures and names 63: truncated?")
        #expect(try fault(.inat2018, "Inat_dataset_splits/Inaturalist_test_set1.txt") { $0[2] = "x.jpg" }.hasPrefix("Inat_dataset_splits/Inaturalist_test_set1.txt:3: `x.jpg` has no class in it"))
    }

    @Test func picturesNamedTwice() throws {
        let twice = try fault(.sop, "Ebay_train.txt") { $0[5] = $0[3] }
        #expect(twice == "Ebay_train.txt:6: names `bicycle_final/111085122871_2.JPG` a second time; first in Ebay_train.txt:4")
        let number = try fault(.cub200, "images.txt") { $0[5] = $0[3] }
        #expect(number == "images.txt:6: names picture 4 a second time")
        let acrossLists = try fault(.inat2018, "Inat_dataset_splits/Inaturalist_test_set1.txt") { lines in
            lines[0] = (try? String(contentsOfFile: DataMiniatures.path("inat2018") + "/Inat_dataset_splits/Inaturalist_train_set1.txt", encoding: .utf8))?
                .components(separatedBy: "\n").first ?? ""
        }
        #expect(acrossLists.contains("Inaturalist_test_set1.txt:1: names `train_val2018/Aves/2000/"), "\(acrossLists)")
    }

    @Test func classesInBothHalves() throws {
        let shared = try fault(.sop, "Ebay_test.txt") { $0[1] = "33 1 1 bicycle_final/111085122879_0.JPG" }
        #expect(shared.contains("class `bicycle 1` is both to train and to test on (Ebay_train.txt:2 and Ebay_test.txt:2)"), "\(shared)")
        let query = try fault(.inshop, "Eval/list_eval_partition.txt") { $0[3] = $0[3].replacingOccurrences(of: "train", with: "query") }
        #expect(query.contains("class `id_00000001` is both to train and to test on"), "\(query)")
    }

    @Test func missingPictures() throws {
        let folder = try changed("sop", "Ebay_train.txt") { $0[2] = $0[2].replacingOccurrences(of: "_1.JPG", with: "_9.JPG") }
        try folder.remove("fan_final/111085122875_0.JPG")
        let error = #expect(throws: ImageError.self) { try Benchmark.sop.load(path: folder.path, threads: 3) }
        #expect(
            error?.description
                == "\(folder.path)/bicycle_final/111085122871_9.JPG: no such file, named in \(folder.path)/Ebay_train.txt:3 (and 1 more); `skip-bad` leaves such files out and counts them")
        let data = try Benchmark.sop.load(path: folder.path, skipBad: true, threads: 2)
        #expect(data.skipped.map(\.name) == ["bicycle_final/111085122871_9.JPG", "fan_final/111085122875_0.JPG"])
        #expect(data.skipped.allSatisfy { $0.reason == "no such file" } && data.train.count == 30)
        try folder.write("mug_final/111085122878_0.JPG", [])
        #expect(throws: ImageError.self) { try Benchmark.sop.load(path: folder.path) }
        #expect(try Benchmark.sop.load(path: folder.path, skipBad: true).skipped.count == 3)
    }

    @Test func aPictureThatVanishesIsNamedWhenItIsWanted() throws {
        let folder = try changed("cub200", "images.txt") { _ in }
        let data = try Benchmark.cub200.load(path: folder.path)
        try folder.remove("images/" + (data.train.first?.name ?? ""))
        let error = #expect(throws: ImageError.self) { try data.train.first?.image() }
        #expect(error?.description.hasSuffix("001.Black_footed_Albatross/Black_footed_Albatross_0001_790001.jpg: no such file") == true)
    }

    @Test(arguments: ["../other/1.jpg", "/etc/passwd", "a/../../b.jpg", ".."]) func pathsThatLeaveTheFolder(_ path: String) throws {
        #expect(try fault(.cub200, "images.txt") { $0[1] = "2 " + path } == "images.txt:2: `\(path)` leaves the data set's folder")
    }

    @Test func formsOfText() throws {
        let plain = try Benchmark.sop.load(path: DataMiniatures.path("sop"))
        let folder = try changed("sop", "Ebay_train.txt") { lines in
            lines = ["\u{FEFF}" + lines[0] + "\r"] + lines.dropFirst().map { "  " + $0.replacingOccurrences(of: " ", with: "\t ") + " \r" } + ["", "\r"]
        }
        #expect(try Benchmark.sop.load(path: folder.path).train.map(\.name) == plain.train.map(\.name))
        // Two spellings of é are two files; spaces belong to names.
        for (number, name) in ["caf\u{E9} final/1.jpg", "cafe\u{301} final/1.jpg"].enumerated() {
            try folder.picture(name, number)
            try folder.picture(name + "2.png", number)
        }
        let rows = ["caf\u{E9} final/1.jpg", "cafe\u{301} final/1.jpg"].enumerated().flatMap { ["1 \(900 + $0) 1 \($1)", "1 \(900 + $0) 1 \($1)2.png"] }
        try folder.write("Ebay_test.txt", Array(rows.joined(separator: "\n").utf8))
        #expect(try Benchmark.sop.load(path: folder.path).test.count == 4)
        try folder.write("Ebay_test.txt", [])
        #expect(throws: DatasetError(dataset: folder.path + "/Ebay_test.txt", reason: "is empty")) { try Benchmark.sop.load(path: folder.path) }
        try folder.write("Ebay_test.txt", Array("image_id class_id super_class_id path\n".utf8))
        let hollow = #expect(throws: DatasetError.self) { try Benchmark.sop.load(path: folder.path) }
        #expect(hollow?.reason == "8 classes to train on and 0 to test on: each must be at least 1")
        for bytes in [[0xFF, 0xFE, 0x31, 0x00] as [UInt8], [0x31, 0x00, 0x20]] {
            try folder.write("Ebay_test.txt", bytes)
            let error = #expect(throws: DatasetError.self) { try Benchmark.sop.load(path: folder.path) }
            #expect(error?.reason == "is not a text file in UTF-8")
        }
    }

    @Test func aClassWithOneImageAndAQueryWithNothingToFind() throws {
        let single = try changed("inat2018", "Inat_dataset_splits/Inaturalist_train_set1.txt") { $0.removeSubrange(0..<3) }
        let warnings = try Benchmark.inat2018.load(path: single.path).warnings
        #expect(warnings.last == "1 training class has one image (`Aves/2000`): nothing to find for it as a query", "\(warnings)")
        let alone = try changed("inshop", "Eval/list_eval_partition.txt") { lines in
            lines = lines.map { $0.contains("id_00000002") ? $0.replacingOccurrences(of: "gallery", with: "query") : $0 }
        }
        let data = try Benchmark.inshop.load(path: alone.path)
        #expect(data.query?.count == 18)
        #expect(data.warnings.last?.hasPrefix("4 queries have no image of the class in the gallery (`img/WOMEN/Blouses_Shirts/id_00000002/01_1_front.jpg`, ...)") == true)
    }

    /// Whatever happens to a list, it is read or refused; nothing traps.
    @Test(arguments: [("cub200", "images.txt"), ("sop", "Ebay_test.txt"), ("inshop", "Eval/list_eval_partition.txt"), ("inat2018", "Inat_dataset_splits/Inaturalist_test_set1.txt")])
    func mutatedLists(_ name: String, _ file: String) throws {
        let benchmark = try #require(Benchmark(rawValue: name))
        let folder = try changed(name, file) { _ in }
        let original = try FileManager.default.contents(atPath: folder.path + "/" + file).map(Array.init) ?? []
        var refused = 0
        for round in 0..<120 {
            try folder.write(file, damaged(original, round: round))
            do { _ = try benchmark.load(path: folder.path) } catch is DatasetError { refused += 1 } catch is ImageError { refused += 1 }
        }
        #expect(refused > 30)
    }
}
