import Foundation
import REPL
import Testing

final class HistoryTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vptsp-history-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test func entriesComeBackAsTheyWere() throws {
        let history = History(path: folder.appendingPathComponent("a/b/history").path)
        #expect(try history.load() == [])
        let entries = ["load vit-nano", "for i in [1] {\n  print \"\\n\"\n}", "print \"字\""]
        for entry in entries { try history.append(entry) }
        #expect(try history.load() == entries)
    }

    @Test func twoSessionsDoNotEraseEachOther() throws {
        let path = folder.appendingPathComponent("history").path
        let first = History(path: path), second = History(path: path)
        try first.append("one")
        try second.append("two")
        try first.append("three")
        #expect(try second.load() == ["one", "two", "three"])
    }

    @Test func longFileIsCutToItsNewestHalf() throws {
        let file = folder.appendingPathComponent("history")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let count = History.mostEntries + 1
        try Data((0..<count).map { "print \($0)\n" }.joined().utf8).write(to: file)
        let loaded = try History(path: file.path).load()
        #expect(loaded.count == History.mostEntries / 2)
        #expect(loaded.last == "print \(count - 1)")
        #expect(try History(path: file.path).load() == loaded)
    }

    @Test func foreignBytesAreSurvived() throws {
        let file = folder.appendingPathComponent("history")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data([0xFF, 0x00, 0x5C, 0x0A, 0x0A, 0x5C]).write(to: file)
        #expect(try History(path: file.path).load().count == 2)
    }

    @Test func pathFollowsTheBaseDirectorySpecification() {
        #expect(History.defaultPath { ["XDG_STATE_HOME": "/s", "HOME": "/h"][$0] } == "/s/vptsp/history")
        #expect(History.defaultPath { ["XDG_STATE_HOME": "relative", "HOME": "/h"][$0] } == "/h/.local/state/vptsp/history")
        #expect(History.defaultPath { _ in nil } == nil)
    }
}
