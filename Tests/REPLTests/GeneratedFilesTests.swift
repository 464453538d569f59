import Foundation
import Testing

/// What is generated is fresh, and stale files are found.
@Suite(.serialized) struct GeneratedFilesTests {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func generate(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuiltProgram.path).deletingLastPathComponent().appendingPathComponent("generate-vptsp")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test func theRepositoryIsFresh() throws {
        let checked = try generate(["--check", Self.root.path])
        #expect(checked.status == 0 && checked.output == "", "run `swift run generate-vptsp` in the repository")
    }

    @Test func staleAndLeftOverFilesAreFound() throws {
        let program = try BuiltProgram()
        let root = program.folder.path
        #expect(try generate(["--check", root]).status == 1)
        #expect(try generate([root]).output.contains("written: Docs/man/vptsp.1\n"))
        #expect(try generate(["--check", root]).status == 0)
        try Data("old".utf8).write(to: program.folder.appendingPathComponent("Docs/reference/train.md"))
        try Data("old".utf8).write(to: program.folder.appendingPathComponent("Docs/reference/gone.md"))
        try FileManager.default.removeItem(at: program.folder.appendingPathComponent("Grammar/vps.tmLanguage.json"))
        let stale = "stale: Docs/reference/gone.md\nstale: Docs/reference/train.md\nstale: Grammar/vps.tmLanguage.json\n"
        #expect(try generate(["--check", root]).output == stale)
        #expect(try generate([root]).status == 0)
        #expect(try generate(["--check", root]).output == "")
        #expect(try generate(["--chek"]).status == 64)
    }
}
