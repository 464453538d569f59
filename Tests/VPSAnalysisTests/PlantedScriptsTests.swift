import Diagnostics
import Foundation
import Testing
import VPSAnalysis

/// Resources/planted: scripts with several mistakes each, written before the check was read, by what a user would call the
/// mistake's place. A file is a script; `----` with the arguments of its command line; one line `LINE TEXT` for each place
/// (an argument in place of the line's number for what is wrong with one); `====`; what the user sees.
///
/// With VPTSP_WRITE_GOLDEN set the messages of today go into the files; read every one that changed.
@Suite struct PlantedScriptsTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/planted")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    private static let files = MemoryFiles(
        texts: ["helpers.vps": "let rate = 1e-3\ndef trial(n) {\n  print $n\n}\n", "a.vps": "seed 1\n"], folders: ["birds"])

    private struct Planted {
        var script = ""
        var separator = ""
        var places: [String] = []
        var messages = ""

        var arguments: [String] { separator.split(separator: " ").dropFirst().map(String.init) }

        init(_ text: String) {
            var part = 0
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                if part == 0, line.hasPrefix("----") {
                    separator = String(line)
                    part = 1
                } else if part == 1, line == "====" {
                    part = 2
                } else if part == 0 {
                    script += line + "\n"
                } else if part == 1 {
                    places.append(String(line))
                } else {
                    messages += line + "\n"
                }
            }
        }
    }

    @Test func thereAreTwenty() { #expect(Self.names.count >= 20) }

    @Test(arguments: names) func eachMistakeIsNamedAtItsPlace(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let planted = Planted(try String(contentsOf: file, encoding: .utf8))
        var files = Self.files
        files.texts["s.vps"] = planted.script
        let checked = check(planted.script, files: files, parameters: planted.arguments)
        let found = checked.diagnostics.map { diagnostic in
            guard let span = diagnostic.span, let source = checked.sources[span.file] else { return "nowhere" }
            let text = checked.sources.text(of: span)?.split(separator: "\n").first ?? ""
            return "\(source.name == "s.vps" ? String(source.line(of: span.lower)) : source.name) \(text)"
        }
        #expect(found.sorted() == planted.places.sorted())
        let renderer = DiagnosticRenderer(color: false)
        let messages = checked.diagnostics.map { renderer.render($0, in: checked.sources) }.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["VPTSP_WRITE_GOLDEN"] != nil {
            let text = planted.script + planted.separator + "\n" + planted.places.map { $0 + "\n" }.joined() + "====\n" + messages
            try Data(text.utf8).write(to: file)
        }
        #expect(messages == planted.messages)
    }
}
