import Foundation
import ImageData
import Testing

struct CSVDatasetTests {
    private let folder: TemporaryFolder

    /// a ... d with two pictures each, and one with a comma and a quote in its name.
    init() throws {
        folder = try TemporaryFolder()
        for (label, name) in ["a", "b", "c", "d"].enumerated() { for face in 0..<2 { try folder.picture("\(name)/\(face).png", 16 * label + face) } }
        try folder.picture("d/x, \"y\" é.png", 99)
    }

    private func load(_ text: String, skipBad: Bool = false) throws -> ImageDataset {
        try folder.write("t.csv", Array(text.utf8))
        return try CSVDataset.load(path: folder.path + "/t.csv", skipBad: skipBad)
    }

    private func fault(_ text: String) throws -> String {
        do {
            _ = try load(text)
            return ""
        } catch { return "\(error)".replacingOccurrences(of: folder.path + "/", with: "") }
    }

    private let plain = "path,label,split\na/0.png,a,train\na/1.png,a,train\nb/0.png,b,test\nb/1.png,b,test\n"

    @Test func readsATable() throws {
        let data = try load(plain)
        #expect(data.name == "csv" && data.layout == "t.csv")
        #expect(data.trainClasses == ["a"] && data.testClasses == ["b"] && data.test.map(\.name) == ["b/0.png", "b/1.png"])
        #expect(data.query == nil && data.validation.isEmpty && data.warnings.isEmpty)
        #expect(try data.test[0].image().pixels[0] == 16)
    }

    @Test func readsEveryFormOfTable() throws {
        let text = "\u{FEFF}Split,x_1,LABEL, path \r\n\r\n train ,9,\"one, two\",\"a/0.png\"\r\ntrain,9,\"one, two\",\(folder.path)/a/1.png\r\n"
            + "TEST,9,\"line\nbreak\",\"d/x, \"\"y\"\" é.png\"\r\ntest,9,\"line\nbreak\",d/0.png"
        let data = try load(text)
        #expect(data.trainClasses == ["one, two"] && data.testClasses == ["line\nbreak"])
        #expect(data.test.map(\.name) == ["d/x, \"y\" é.png", "d/0.png"])
        #expect(data.train[1].name == folder.path + "/a/1.png")
        #expect(try data.train[1].image().pixels[0] == 1)
    }

    @Test func queriesAndGallery() throws {
        let data = try load("""
            path,label,split,is_query,is_gallery
            a/0.png,1,train,,
            a/1.png,1,train,nan,None
            b/0.png,2,test,True,False
            b/1.png,2,test,0,1
            c/0.png,3,test,false,TRUE
            c/1.png,3,test,1.0,0.0

            """)
        #expect(data.query == [0, 3] && data.gallery == [1, 2])
        // Open Metric Learning calls the second half validation; there all are both.
        let both = try load("path,label,split,is_query,is_gallery\na/0.png,1,train,,\na/1.png,1,train,,\nb/0.png,2,validation,True,True\nb/1.png,2,validation,True,True\n")
        #expect(both.query == nil && both.test.count == 2 && both.validation.isEmpty)
    }

    @Test func classesToChooseSettingsOn() throws {
        let data = try load(plain + "c/0.png,c,val\nc/1.png,c,validation\n")
        #expect(data.validationClasses == ["c"] && data.validation.map(\.label) == [0, 0] && data.testClasses == ["b"])
        #expect(throws: DatasetError.self) { try data.holdingOut(validation: 0.5) }
        #expect(try fault(plain + "b/0.png,c,val\n").contains("t.csv:6: names `b/0.png` a second time; first in t.csv:4"))
        #expect(try fault(plain + "c/0.png,b,val\n").contains("class `b` is in the test and the validation half (t.csv:4 and t.csv:6)"))
    }

    @Test(arguments: [
        ("", "t.csv: is empty"), ("path,label,split\n", "t.csv: has a heading and no rows"),
        ("file,label,split\nx,y,train", "t.csv:1: the heading has no column `path`: `file,label,split`; path,label,split[,is_query,is_gallery]"),
        ("path;label;split\n", "t.csv:1: the heading has no column `path`"),
        ("path,label,split,is_query\na/0.png,a,train,1", "t.csv:1: is_query and is_gallery go together"),
        ("path,label,split\na/0.png,a\n", "t.csv:2: has 2 fields and none for `split`"),
        ("path,label,split\na/0.png,a,trian\n", "t.csv:2: `trian` in column `split` is none of train, validation and test"),
        ("path,label,split\n,a,train\n", "t.csv:2: names no picture"), ("path,label,split\na/0.png,,train\n", "t.csv:2: gives `a/0.png` no label"),
        ("path,label,split\n\n\"a/0.png,a,train\n", "t.csv:3: a quote is opened here and never closed"),
        ("path,label,split\n\"a/0.png\"x,a,train\n", "t.csv:2: something follows a closing quote"),
        ("path,label,split\n../a/0.png,a,train\n", "t.csv:2: `../a/0.png` leaves the data set's folder"),
        ("path,label,split,is_query,is_gallery\na/0.png,a,train,maybe,0\n", "t.csv:2: `maybe` in column `is_query` is neither true nor false"),
        ("path,label,split,is_query,is_gallery\na/0.png,a,train,,\nb/0.png,b,test,0,0\n", "t.csv:3: `b/0.png` is to test on, but neither query nor gallery"),
        ("path,label,split,is_query,is_gallery\na/0.png,a,train,,\nb/0.png,b,test,1,1\nb/1.png,b,test,0,1\n", "t.csv:3: `b/0.png` is query and gallery at once"),
        ("path,label,split\na/0.png,a,train\nb/0.png,a,test\n", "class `a` is both to train and to test on (t.csv:2 and t.csv:3)"),
        ("path,label,split\na/0.png,a,train\n", "t.csv: 1 classes to train on and 0 to test on"),
        ("path,label,split\na/0.png,a,train\nb/7.png,b,test\n", "b/7.png: no such file, named in t.csv:3"),
    ])
    func refuses(_ text: String, _ words: String) throws {
        let found = try fault(text)
        #expect(found.contains(words), "\(found)")
    }

    @Test func skipsWhatIsMissing() throws {
        try folder.write("c/0.png", Array("no picture".utf8))
        let data = try load(plain + "b/7.png,b,test\nc/0.png,c,test\n", skipBad: true)
        #expect(data.skipped.map(\.reason) == ["no such file", "not a JPEG, PNG or WebP picture"])
        #expect(data.testClasses == ["b"] && data.warnings.contains("class `c` is left out: none of its files is a picture"))
    }

    @Test func mutatedTables() throws {
        let original = Array((plain + "\"d/x, \"\"y\"\" é.png\",d,test\n").utf8)
        var refused = 0
        for round in 0..<400 {
            try folder.write("t.csv", damaged(original, round: round))
            do { _ = try CSVDataset.load(path: folder.path + "/t.csv") } catch is DatasetError { refused += 1 } catch is ImageError { refused += 1 }
        }
        #expect(refused > 100)
    }
}
