import Experiments
import Foundation
import ImageData
import Testing

@Suite(.serialized) struct ContentHashCacheTests {
    let scratch: Scratch
    let items: [DatasetItem]
    let cache: ContentHashCache

    init() throws {
        scratch = try Scratch()
        let folder = try scratch.pictures("pictures", classes: 2, images: 3)
        items = (0..<6).map { DatasetItem(name: "\($0)", source: .file(path: "\(folder)/class0\($0 / 3)/\($0 % 3).png"), label: $0 / 3) }
        cache = ContentHashCache(folder: scratch("cache"))
    }

    private func age(_ seconds: Double) throws {
        // The inode's own time cannot be set back: wait until the files are old enough.
        Thread.sleep(forTimeInterval: seconds)
    }

    /// The hash, and whether the pictures were read for it.
    private func ask(_ items: [DatasetItem], form: String = "all") throws -> (String, wasRead: Bool) {
        var wasRead = false
        let hash = try cache.hash(of: items, form: form) {
            wasRead = true
            return try ImageDataset.contentHash(of: items)
        }
        return (hash, wasRead)
    }

    @Test func readsOnceWhatDoesNotChange() throws {
        #expect(try ask(items).wasRead)
        #expect(try ask(items).wasRead, "files that were only just written are not believed yet")
        try age(3.2)
        let first = try ask(items)
        #expect(first.wasRead)
        let second = try ask(items)
        #expect(!second.wasRead && second.0 == first.0)
        #expect(try ask(items, form: "other").wasRead)
        #expect(try ask(Array(items.reversed())).wasRead, "another order is another data set")

        // Rewritten with the same length, and its old time put back.
        guard case .file(let path) = items[4].source else { return }
        let times = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        var data = try bytes(path)
        data[data.count / 2] ^= 1
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.write(contentsOf: data)
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: times as Any], ofItemAtPath: path)
        let changed = try ask(items)
        #expect(changed.wasRead && changed.0 != first.0)
    }

    @Test func damagedEntryIsReadAnew() throws {
        try age(3.2)
        let first = try ask(items)
        for text in ["", "0123", "0123456789abcdeX\n", "0123456789abcdef0\n"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch("cache")) {
                try Data(text.utf8).write(to: URL(fileURLWithPath: scratch("cache/" + name)))
            }
            let again = try ask(items)
            #expect(again.wasRead && again.0 == first.0, "\(text)")
        }
    }

    @Test func worksWithoutAFolder() throws {
        let nowhere = ContentHashCache(folder: nil)
        #expect(try nowhere.hash(of: items, form: "all") { "0123456789abcdef" } == "0123456789abcdef")
        try Data().write(to: URL(fileURLWithPath: scratch("blocked")))
        #expect(try ContentHashCache(folder: scratch("blocked/cache")).hash(of: items, form: "all") { "0123456789abcdef" } == "0123456789abcdef")
        var missing = items
        missing[0] = DatasetItem(name: "0", source: .file(path: scratch("none.png")), label: 0)
        #expect(throws: (any Error).self) { try ask(missing) }
    }
}
