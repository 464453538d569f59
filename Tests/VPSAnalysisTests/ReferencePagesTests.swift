import Foundation
import Testing
import VPSAnalysis

@Suite struct ReferencePagesTests {
    private var reference: URL {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Docs/reference")
    }

    @Test func theWrittenReferenceIsFresh() throws {
        #expect(try ReferenceFolder(reference).stale() == [], "run `swift run generate-vptsp`")
    }

    @Test func staleAndLeftOverPagesAreFound() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reference-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try ReferenceFolder(folder).write()
        #expect(try ReferenceFolder(folder).stale() == [])
        try Data("old".utf8).write(to: folder.appendingPathComponent("train.md"))
        try Data("old".utf8).write(to: folder.appendingPathComponent("gone.md"))
        #expect(try ReferenceFolder(folder).stale() == ["gone.md", "train.md"])
        try ReferenceFolder(folder).write()
        #expect(try ReferenceFolder(folder).stale() == [])
    }
}
