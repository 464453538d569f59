import Diagnostics
import Foundation
import Testing
import VPSAnalysis
import VPSSyntax

/// Messages verbatim, one section of Resources/diagnostics.txt or more for each code.
///
/// A section is a line `=== CODE what it is`, a script, `---`, and what a user sees. `#% name=value` as a script's first line
/// is an argument of the command line, `<FF>` and `<00>` are these bytes. With VPTSP_WRITE_GOLDEN set the test writes the
/// messages of today into the file; read every one that changed.
@Suite struct GoldenDiagnosticTests {
    private struct Case {
        var title: String
        var script: String
        var expected: String

        var code: String { String(title.prefix { $0 != " " }) }
    }

    /// What scripts may name.
    private static let files = MemoryFiles(
        texts: ["notes.txt": "", "part.vps": "print 1\n", "loop.vps": "include \"loop.vps\"\n"], folders: ["birds"])

    /// Of the interpreter's own code, which no script can bring about; ArgumentBinderTests has it. And what a script of a thousand
    /// mistakes brings about; LongLineTests has it.
    private static let unreachable: Set<String> = [AnalysisCode.handlerMismatch.rawValue, SyntaxCode.manyMore.rawValue]

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/diagnostics.txt")

    private static func cases() throws -> [Case] {
        var cases: [Case] = []
        var isExpected = false
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("=== ") {
                cases.append(Case(title: String(line.dropFirst(4)), script: "", expected: ""))
                isExpected = false
            } else if line == "---" {
                isExpected = true
            } else if isExpected {
                cases[cases.count - 1].expected += line + "\n"
            } else {
                cases[cases.count - 1].script += line + "\n"
            }
        }
        return cases
    }

    private static func messages(of example: Case) -> String {
        var lines = example.script.split(separator: "\n", omittingEmptySubsequences: false)
        var parameters: [String] = []
        if let first = lines.first, first.hasPrefix("#% ") {
            parameters = first.dropFirst(3).split(separator: " ").map(String.init)
            lines.removeFirst()
        }
        var bytes: [UInt8] = []
        var rest = lines.joined(separator: "\n")[...]
        while !rest.isEmpty {
            if rest.hasPrefix("<FF>") || rest.hasPrefix("<00>") {
                bytes.append(rest.hasPrefix("<FF>") ? 0xFF : 0)
                rest = rest.dropFirst(4)
            } else {
                bytes += Array(String(rest.removeFirst()).utf8)
            }
        }
        var sources = SourceMap()
        let assignments = parameters.compactMap { ParameterAssignment($0, sources: &sources) }
        let checked = CheckedScript(text: bytes, name: "s.vps", path: "s.vps", files: files, sources: sources, parameters: assignments)
        let renderer = DiagnosticRenderer(color: false)
        return checked.diagnostics.map { renderer.render($0, in: checked.sources) }.joined(separator: "\n")
    }

    @Test func messagesAreThoseOfTheFile() throws {
        let cases = try Self.cases()
        if ProcessInfo.processInfo.environment["VPTSP_WRITE_GOLDEN"] != nil {
            let text = cases.map { "=== \($0.title)\n\($0.script)---\n\(Self.messages(of: $0))" }.joined()
            try Data(text.utf8).write(to: Self.file)
        }
        for example in cases {
            let found = Self.messages(of: example)
            #expect(found == example.expected, "\(example.title)")
            #expect(found.contains("[\(example.code)]"), "\(example.title)")
        }
    }

    @Test func everyCodeHasItsCase() throws {
        let shown = Set(try Self.cases().map(\.code))
        let codes = Set(AnalysisCode.allCases.map(\.rawValue) + SyntaxCode.allCases.map(\.rawValue))
        #expect(codes.subtracting(shown).subtracting(Self.unreachable).sorted() == [])
        #expect(shown.subtracting(codes).sorted() == [])
    }
}
