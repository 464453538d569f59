import Foundation
import Testing

/// Docs/tutorial.md is a transcript: its commands are run, and what they print is what stands there but for numbers.
///
/// Blocks: ` ```vps NAME ` is a file; ` ```console ` holds `$ vptsp …` lines with their output; ` ```session ` holds `▸`
/// lines and what all of them print, in one session. With VPTSP_WRITE_TUTORIAL set the test writes the output of today
/// into the page.
@Suite(.serialized) struct TutorialTests {
    private static let page = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Docs/tutorial.md")

    /// Numbers become `#`, the blanks that align them one; a rough time may be in any unit.
    private static func masked(_ text: String) -> String {
        text.replacing(/[0-9][0-9,.]*(e[-+]?[0-9]+)?/, with: "#").replacing(/[ ]+/, with: " ")
            .replacing(/# (s|min|h)\b/, with: "# s")
    }

    @Test func everyCommandPrintsWhatThePageSays() throws {
        let program = try BuiltProgram()
        var written: [String] = []
        var block: [String] = []
        var kind: String?
        var ran = 0
        for line in try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("```") else {
                if kind == nil { written.append(String(line)) } else { block.append(String(line)) }
                continue
            }
            guard let opened = kind else {
                kind = String(line.dropFirst(3))
                written.append(String(line))
                continue
            }
            let lines = try run(opened, block, program)
            if opened == "console" || opened == "session" { ran += 1 }
            #expect(Self.masked(lines.joined(separator: "\n")) == Self.masked(block.joined(separator: "\n")), "\(opened)")
            written += lines + [String(line)]
            (block, kind) = ([], nil)
        }
        #expect(ran > 5)
        if ProcessInfo.processInfo.environment["VPTSP_WRITE_TUTORIAL"] != nil {
            try Data(written.joined(separator: "\n").utf8).write(to: Self.page)
        }
    }

    /// The block as it should be.
    private func run(_ kind: String, _ block: [String], _ program: BuiltProgram) throws -> [String] {
        if kind.hasPrefix("vps ") {
            _ = try program.write(block.joined(separator: "\n") + "\n", to: String(kind.dropFirst(4)))
            return block
        }
        if kind == "session" {
            let typed = block.filter { $0.hasPrefix("▸ ") }
            let result = try program.run([], input: typed.map { $0.dropFirst(2) + "\n" }.joined())
            return typed + Self.lines(of: result.output + result.errors, program)
        }
        guard kind == "console" else { return block }
        return try block.filter { $0.hasPrefix("$ ") }.flatMap { command -> [String] in
            var words = command.dropFirst(2).split(separator: " ").map(String.init)
            let name = words.removeFirst()
            #expect(name == "vptsp")
            var input = ""
            if words.count > 2, words[words.count - 2] == "<" {
                input = try String(contentsOf: program.folder.appendingPathComponent(words[words.count - 1]), encoding: .utf8)
                words.removeLast(2)
            }
            let result = try program.run(words, input: input)
            return [command] + Self.lines(of: result.output + result.errors, program)
        }
    }

    private static func lines(of text: String, _ program: BuiltProgram) -> [String] {
        var lines = text.replacingOccurrences(of: program.folder.path + "/", with: "")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
