import Foundation
import ImageData
import Testing

struct FolderDatasetTests {
    /// Classes a ... e with 2 pictures each, and things that are no pictures.
    private func fiveClasses() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (label, name) in ["b", "a", "d", "c", "é"].enumerated() {
            try folder.picture("\(name)/2.png", 10 * label + 2)
            try folder.picture("\(name)/1.PNG", 10 * label + 1)
        }
        try folder.write("a/notes.txt", [1])
        try folder.write("a/.hidden.png", [1])
        try folder.write("README", [1])
        try folder.picture("c/deeper/3.png", 99)
        return folder
    }

    @Test func splitsByOrder() throws {
        let folder = try fiveClasses()
        let data = try FolderDataset.load(path: folder.path + "/", split: .order)
        #expect(data.trainClasses == ["a", "b"])
        #expect(data.testClasses == ["c", "d", "é"])
        #expect(data.train.map(\.name) == ["a/1.PNG", "a/2.png", "b/1.PNG", "b/2.png"])
        #expect(data.train.map(\.label) == [0, 0, 1, 1])
        #expect(data.test.map(\.name) == ["c/1.PNG", "c/2.png", "c/deeper/3.png", "d/1.PNG", "d/2.png", "é/1.PNG", "é/2.png"])
        #expect(data.test.map(\.label) == [0, 0, 0, 1, 1, 2, 2])
        #expect(data.skipped.isEmpty && data.warnings.isEmpty && data.validation.isEmpty)
        #expect(try data.train[0].image().pixels[0] == 11)
    }

    @Test func splitsByLists() throws {
        let folder = try fiveClasses()
        try folder.write("train.txt", Array("# to train on\r\nd\n\n  a/ \n".utf8))
        try folder.write("test.txt", Array("é\nb".utf8))
        let data = try FolderDataset.load(path: folder.path, split: .list(train: folder.path + "/train.txt", test: folder.path + "/test.txt"))
        #expect(data.trainClasses == ["d", "a"] && data.testClasses == ["é", "b"])
        #expect(data.train.map(\.name) == ["d/1.PNG", "d/2.png", "a/1.PNG", "a/2.png"])
    }

    @Test(arguments: [("a\nzebra", "b", "no class folder `zebra`"), ("a\nb", "b", "both"), ("a\na", "b", "second time"), ("#", "b", "names no class"), ("a\u{0}", "b", "not a text file")])
    func refusesBadLists(_ train: String, _ test: String, _ words: String) throws {
        let folder = try fiveClasses()
        try folder.write("train.txt", Array(train.utf8))
        try folder.write("test.txt", Array(test.utf8))
        let error = #expect(throws: DatasetError.self) {
            try FolderDataset.load(path: folder.path, split: .list(train: folder.path + "/train.txt", test: folder.path + "/test.txt"))
        }
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test func refusesAListThatIsNoText() throws {
        let folder = try fiveClasses()
        try folder.write("bad.txt", [0xFF, 0xFE, 0x00])
        let list = folder.path + "/bad.txt"
        let error = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .list(train: list, test: list)) }
        #expect(error?.description.contains("UTF-8") == true)
        #expect(throws: ImageError.self) { try FolderDataset.load(path: folder.path, split: .list(train: "/no/list", test: list)) }
    }

    @Test func splitsByFolders() throws {
        let folder = try TemporaryFolder()
        for (label, name) in ["train/x", "train/y", "test/w", "test/z"].enumerated() {
            try folder.picture("\(name)/1.png", label)
            try folder.picture("\(name)/2.png", label)
        }
        let data = try FolderDataset.load(path: folder.path, split: .folders)
        #expect(data.trainClasses == ["x", "y"] && data.testClasses == ["w", "z"])
        #expect(data.test.map(\.name) == ["test/w/1.png", "test/w/2.png", "test/z/1.png", "test/z/2.png"])
        #expect(try data.test[3].image().pixels[0] == 3)
        try folder.picture("test/x/1.png", 0)
        let shared = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .folders) }
        #expect(shared?.reason.contains("`x` is both") == true)
        try folder.remove("test")
        let missing = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .folders) }
        #expect(missing?.reason.contains("test/") == true)
    }

    @Test func refusesMissingAndEmptyFolders() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path + "/none", split: .order) }
        #expect(missing?.description == folder.path + "/none: no such folder")
        let empty = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(empty?.reason == "holds no class folders")
        try folder.picture("a/1.png", 1)
        let single = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(single?.reason.contains("one class folder") == true)
        try folder.write("b/notes.txt", [1])
        let hollow = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(hollow?.reason.contains("`b` holds no pictures") == true)
        let file = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path + "/a/1.png", split: .order) }
        #expect(file?.reason.contains("not a folder") == true)
    }

    @Test func warnsOfClassesWithOneImage() throws {
        let folder = try fiveClasses()
        try folder.remove("d/1.PNG")
        try folder.remove("é/2.png")
        let data = try FolderDataset.load(path: folder.path, split: .order)
        #expect(data.test.count == 5)
        #expect(data.warnings.count == 1)
        #expect(data.warnings.first?.hasPrefix("2 test classes have one image (`d`, ...)") == true, "\(data.warnings)")
    }

    @Test func namesAFileThatIsNoPicture() throws {
        let folder = try fiveClasses()
        try folder.write("d/3.jpg", Array("this is not a picture".utf8))
        try folder.write("d/4.gif", Array("GIF89a..........".utf8))
        let error = #expect(throws: ImageError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(
            error?.description
                == "\(folder.path)/d/3.jpg: not a JPEG, PNG or WebP picture (and 1 more); `skip-bad` leaves such files out and counts them")
    }

    @Test(arguments: [1, 2, 4])
    func skipsBadFilesAndCountsThem(_ threads: Int) throws {
        let folder = try fiveClasses()
        try folder.write("d/3.jpg", Array("this is not a picture".utf8))
        try folder.write("a/0.png", [])
        let whole = try encodePNG(pattern(60, 60))
        try folder.write("b/9.png", Array(whole[..<(whole.count / 2)]))
        try folder.write("f/1.webp", Array("RIFF".utf8))
        let data = try FolderDataset.load(path: folder.path, split: .order, skipBad: true, threads: threads)
        #expect(data.skipped.map(\.name) == ["a/0.png", "b/9.png", "d/3.jpg", "f/1.webp"])
        #expect(data.skipped[1].reason.contains("truncated PNG"))
        #expect(data.trainClasses == ["a", "b", "c"] && data.testClasses == ["d", "é"])
        #expect(data.warnings == ["class `f` is left out: none of its files is a picture"])
        #expect(data.train.count + data.test.count == 11)
    }

    @Test func namesAFileThatCannotBeRead() throws {
        let folder = try fiveClasses()
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/a/9.png", withDestinationPath: "/no/such/file")
        let error = #expect(throws: ImageError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(error?.description.hasPrefix("\(folder.path)/a/9.png: no such file") == true)
        try folder.remove("a/9.png")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/a/loop", withDestinationPath: folder.path + "/a")
        let loop = #expect(throws: DatasetError.self) { try FolderDataset.load(path: folder.path, split: .order) }
        #expect(loop?.reason.contains("folders deep") == true)
    }
}
