import DataMiniatures
import Foundation
import ImageData
import Testing

/// Each benchmark in each form in which it lies on disks.
struct BenchmarkTests {
    private func load(_ benchmark: Benchmark, _ folder: String? = nil) throws -> ImageDataset {
        try benchmark.load(path: DataMiniatures.path(folder ?? benchmark.rawValue))
    }

    /// A folder with a miniature at `place` in it, to be changed.
    private func copy(_ name: String, at place: String = "") throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for entry in try FileManager.default.contentsOfDirectory(atPath: DataMiniatures.path(name)) {
            let target = URL(fileURLWithPath: folder.path + "/" + place + "/" + entry)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: DataMiniatures.path(name) + "/" + entry, toPath: target.path)
        }
        return folder
    }

    private func move(_ old: String, _ new: String, in folder: TemporaryFolder) throws {
        let target = URL(fileURLWithPath: folder.path + "/" + new)
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: folder.path + "/" + old, toPath: target.path)
    }

    @Test(arguments: Benchmark.allCases) func miniaturesHaveEightClassesAHalf(_ benchmark: Benchmark) throws {
        let data = try load(benchmark)
        #expect(data.name == benchmark.rawValue && !data.layout.isEmpty)
        #expect(data.train.count == 32 && data.trainClasses.count == 8 && data.test.count == 32 && data.testClasses.count == 8)
        #expect(Set(data.trainClasses).isDisjoint(with: data.testClasses))
        for items in [data.train, data.test] {
            #expect((0..<8).allSatisfy { label in items.count { $0.label == label } == 4 })
            for item in items {
                let image = try item.image()
                #expect(image.width == 32 && image.height == 24)
            }
        }
        #expect(data.warnings.count == 1)
        let published = benchmark == .sop ? "32 training images (published: 59551), 8 training classes (published: 11318)" : "32 training images (published: "
        #expect(data.warnings.first?.hasPrefix("not as \(benchmark.title) was published: \(published)") == true, "\(data.warnings)")
        #expect((data.query != nil) == (benchmark == .inshop))
    }

    @Test func cub() throws {
        let data = try load(.cub200)
        #expect(data.trainClasses.first == "001.Black_footed_Albatross" && data.testClasses.first == "009.Brewer_Blackbird")
        #expect(data.test[5].name == "010.Red_winged_Blackbird/Red_winged_Blackbird_0002_790038.jpg" && data.test[5].label == 1)
        #expect(data.layout == "images.txt, image_class_labels.txt")
        let above = try copy("cub200", at: "CUB_200_2011")
        #expect(try Benchmark.cub200.load(path: above.path).test.map(\.name) == data.test.map(\.name))
        for name in ["images.txt", "classes.txt"] { try above.remove("CUB_200_2011/" + name) }
        let folders = try Benchmark.cub200.load(path: above.path + "/CUB_200_2011/")
        #expect(folders.layout.hasPrefix("one folder a class") && folders.trainClasses == data.trainClasses)
        #expect(folders.test.map(\.name) == data.test.map(\.name))
    }

    /// The numbers order the classes, not the lines; and without names a class is its number.
    @Test func cubInAnotherOrder() throws {
        let folder = try copy("cub200")
        let text = try String(contentsOfFile: folder.path + "/images.txt", encoding: .utf8)
        try folder.write("images.txt", Array(([0xEF, 0xBB, 0xBF] + text.split(separator: "\n").reversed().joined(separator: "\r\n").utf8)))
        try folder.remove("classes.txt")
        let data = try Benchmark.cub200.load(path: folder.path)
        #expect(data.trainClasses == (1...8).map(String.init) && data.testClasses == (9...16).map(String.init))
        #expect(data.train.first?.label == 7 && data.train.last?.name.hasPrefix("001.") == true)
    }

    @Test func cars() throws {
        let data = try load(.cars196)
        #expect(data.trainClasses.first == "AM General Hummer SUV 2000" && data.testClasses.first == "FIAT 500 Abarth 2012")
        #expect(data.train.map(\.name) == (1...32).map { String(format: "car_ims/%06d.jpg", $0) })
        let kit = try load(.cars196, "cars196-devkit")
        #expect(kit.layout == "cars_train_annos.mat, cars_test_annos_withlabels.mat")
        #expect(kit.trainClasses == data.trainClasses && kit.testClasses == data.testClasses)
        #expect(kit.train.contains { $0.name.hasPrefix("cars_train/") } && kit.train.contains { $0.name.hasPrefix("cars_test/") })
        // The same pictures under other names: equal ones must have equal classes.
        let pictures = Dictionary(uniqueKeysWithValues: try data.train.map { (try $0.image().pixels, $0.label) })
        for item in kit.train { #expect(try pictures[item.image().pixels] == item.label) }
    }

    @Test func carsWithoutClassesOfTheTestHalf() throws {
        let folder = try copy("cars196-devkit")
        try folder.remove("cars_test_annos_withlabels.mat")
        let error = #expect(throws: DatasetError.self) { try Benchmark.cars196.load(path: folder.path) }
        #expect(error?.help?.contains("cars_test_annos.mat has no classes") == true, "\(String(describing: error))")
        try move("devkit/cars_test_annos.mat", "devkit/cars_test_annos_withlabels.mat", in: folder)
        let unlabelled = #expect(throws: DatasetError.self) { try Benchmark.cars196.load(path: folder.path) }
        #expect(unlabelled?.reason == "its annotations have no `class`, but bbox_x1, bbox_y1, bbox_x2, bbox_y2, fname")
    }

    /// One folder a class twice, for training and testing classifiers: the classes are divided anew.
    @Test func carsInFoldersOfClassifiers() throws {
        let folder = try TemporaryFolder()
        for half in ["train", "test"] {
            for kind in 0..<4 { for face in 0..<2 { try folder.picture("car_data/car_data/\(half)/Car \(kind)/\(face).png", kind) } }
        }
        let data = try Benchmark.cars196.load(path: folder.path)
        #expect(data.trainClasses == ["Car 0", "Car 1"] && data.testClasses == ["Car 2", "Car 3"])
        #expect(data.train.count == 8 && data.train.filter { $0.name.hasPrefix("test/Car 0/") }.count == 2)
        // Where only some are in both it is neither a classifier's split nor a retrieval's.
        try folder.remove("car_data/car_data/test/Car 3")
        let error = #expect(throws: DatasetError.self) { try Benchmark.cars196.load(path: folder.path) }
        #expect(error?.reason.contains("class `Car 0` is both to train and to test on") == true)
    }

    @Test func stanfordOnlineProducts() throws {
        let data = try load(.sop)
        #expect(data.trainClasses.prefix(2) == ["bicycle 1", "cabinet 2"] && data.testClasses.first == "bicycle 9")
        #expect(data.test.first?.name == "bicycle_final/111085122879_0.JPG")
        // As some programs want it.
        let folder = try copy("sop", at: "images")
        for list in ["Ebay_train.txt", "Ebay_test.txt"] { try move("images/" + list, "Info_Files/" + list, in: folder) }
        #expect(try Benchmark.sop.load(path: folder.path).test.map(\.name) == data.test.map(\.name))
        try folder.remove("Info_Files/Ebay_test.txt")
        let error = #expect(throws: DatasetError.self) { try Benchmark.sop.load(path: folder.path) }
        #expect(error?.reason == "holds no Stanford Online Products in a form that is known (there is Info_Files, images)")
        #expect(error?.help?.contains("looked in \(folder.path) for Ebay_train.txt and Ebay_test.txt") == true)
    }

    @Test func inShop() throws {
        let data = try load(.inshop)
        #expect(data.trainClasses.first == "id_00000001" && data.testClasses.first == "id_00000002")
        #expect(data.query?.count == 16 && data.gallery?.count == 16)
        #expect(Set((data.query ?? []) + (data.gallery ?? [])).count == 32)
        #expect(data.query?.allSatisfy { ["01_1_front.jpg", "02_1_front.jpg"].contains(data.test[$0].name.split(separator: "/").last) } == true)
        let folder = try copy("inshop")
        try move("img", "Img/img", in: folder)
        try move("Eval/list_eval_partition.txt", "list_eval_partition.txt", in: folder)
        let moved = try Benchmark.inshop.load(path: folder.path)
        #expect(moved.test.map(\.name) == data.test.map(\.name) && moved.query == data.query)
        try move("list_eval_partition.txt", "Anno/list_eval_partition.txt", in: folder)
        #expect(try Benchmark.inshop.load(path: folder.path).train.count == 32)
    }

    @Test func inShopInFolders() throws {
        let folder = try TemporaryFolder()
        for (half, items) in [("train", 0..<2), ("query", 2..<4), ("gallery", 2..<4)] {
            for item in items { for face in 0..<2 { try folder.picture("\(half)/id_\(item)/\(face).png", item) } }
        }
        let data = try Benchmark.inshop.load(path: folder.path)
        #expect(data.query == [0, 1, 2, 3] && data.gallery == [4, 5, 6, 7] && data.testClasses == ["id_2", "id_3"])
    }

    @Test func iNaturalist() throws {
        let data = try load(.inat2018)
        #expect(data.trainClasses.prefix(2) == ["Aves/2000", "Insecta/2037"])
        let folder = try copy("inat2018")
        for list in ["Inaturalist_train_set1.txt", "Inaturalist_test_set1.txt"] { try move("Inat_dataset_splits/" + list, list, in: folder) }
        #expect(try Benchmark.inat2018.load(path: folder.path).train.map(\.name) == data.train.map(\.name))
    }

    /// Folders of products or species are no split: these benchmarks are never divided by the order of folders.
    @Test(arguments: [Benchmark.sop, .inat2018, .inshop]) func listsAreNeeded(_ benchmark: Benchmark) throws {
        let folder = try TemporaryFolder()
        for kind in 0..<4 { for face in 0..<2 { try folder.picture("\(kind)/\(face).png", kind) } }
        #expect(throws: DatasetError.self) { try benchmark.load(path: folder.path) }
        #expect(try Benchmark.cub200.load(path: folder.path).trainClasses.count == 2)
    }

    @Test(arguments: Benchmark.allCases) func saysWhatWasLookedFor(_ benchmark: Benchmark) throws {
        let folder = try TemporaryFolder()
        let empty = #expect(throws: DatasetError.self) { try benchmark.load(path: folder.path) }
        #expect(empty?.reason == "holds no \(benchmark.title) in a form that is known (it is empty)")
        #expect(empty?.help?.contains(folder.path) == true && empty?.help?.contains("one folder a") == true)
        let none = #expect(throws: DatasetError.self) { try benchmark.load(path: folder.path + "/none") }
        #expect(none?.reason == "no such folder")
    }

    @Test func aTableStandsForAFolder() throws {
        let folder = try copy("cub200")
        let rows = try load(.cub200)
        var text = "path,label,split\n"
        for (items, split) in [(rows.train, "train"), (rows.test, "test")] {
            for item in items { text += "images/\(item.name),\(split)-\(item.label),\(split)\n" }
        }
        try folder.write("cub.csv", Array(text.utf8))
        let data = try Benchmark.cub200.load(path: folder.path + "/cub.csv")
        #expect(data.train.map(\.label) == rows.train.map(\.label) && data.layout == "cub.csv" && data.name == "cub200")
        #expect(data.warnings.first?.contains("CUB-200-2011") == true)
    }
}
