import Diagnostics
import Testing
import VPSAnalysis
import VPSSyntax

/// One line of any shape is answered in time that grows with its length, with messages that can be read.
///
/// What was quadratic once took minutes here; the limit only ends a test that hangs.
@Suite struct LongLineTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        /// Codes of what is found, each once, in the order of first mention.
        var codes: [String]

        var testDescription: String { name }
    }

    private static let bytes = 20_000

    private static func shape(_ name: String, _ codes: [String], _ begin: String = "", _ piece: String, _ end: String = "\n") -> Shape {
        Shape(name: name, text: begin + String(repeating: piece, count: bytes / piece.utf8.count) + end, codes: codes)
    }

    static let shapes = [
        shape("a string", [], "print \"", "a", "\"\n"),
        shape("values in a string", [], "print \"", "{1}", "\"\n"),
        shape("open braces in a string", ["VPS106"], "print \"", "{", "\"\n"),
        shape("strings inside each other", ["VPS106", "VPS110", "VPS122"], "print ", "\"{true", "\n"),
        shape("escapes that are none", ["VPS105", "VPS122"], "print \"", "\\q", "\"\n"),
        shape("a number", ["VPS108"], "let x = ", "1"),
        shape("decimals", [], "print 0.", "1"),
        shape("a unit", ["VPS109"], "let x = 1", "a"),
        shape("a command's name", ["VPS201"], "", "a"),
        shape("an option's name", ["VPS203"], "seed 1 ", "a", "=1\n"),
        shape("a list", [], "print len([", "1,", "])\n"),
        shape("a list to sweep", [], "sweep a {\nvary n in [", "1,", "]\nseed $n\n}\n"),
        shape("open parentheses", ["VPS110"], "", "("),
        shape("open parentheses of a value", ["VPS113"], "let x = ", "("),
        shape("open brackets", ["VPS113"], "let x = ", "["),
        shape("closing brackets", ["VPS112"], "", ")"),
        Shape(name: "brackets of two kinds", text: "let x = " + String(repeating: "(", count: bytes / 2) + String(repeating: "]", count: bytes / 2), codes: ["VPS113"]),
        shape("a comment", [], "", "#"),
        shape("a sum", ["VPS113"], "let x = ", "1+", "1\n"),
        shape("minus signs", ["VPS113"], "let x = ", "-", "1\n"),
        shape("quotes", ["VPS110"], "", "\""),
        shape("quotes of other languages without an end", ["VPS103", "VPS122"], "", "«a "),
        shape("apostrophes", ["VPS103", "VPS122"], "print ", "'a "),
        shape("dollar signs", ["VPS103", "VPS122"], "", "$"),
        shape("colons", ["VPS103", "VPS122"], "for ", ": "),
        shape("options that are not there", ["VPS203", "VPS122"], "seed 1 ", "mean-ap=1 "),
        shape("options without a value", ["VPS110", "VPS115", "VPS122"], "seed 1 ", "number="),
        shape("one option again and again", ["VPS205", "VPS122"], "load vit-nano weights=near ", "weights=near "),
        shape("commands that are not there", ["VPS201", "VPS122"], "", "trian;"),
        shape("variables that are not there", ["VPS301", "VPS122"], "", "print $x;"),
        shape("blocks", ["VPS113"], "", "if true { "),
        shape("parameters of one name", ["VPS317", "VPS122"], "def f(", "a,", ") { }\nf 1\n"),
        shape("branches", [], "if true { }", " else if true { }"),
        shape("wide characters", ["VPS103"], "", "字"),
        shape("strings of wide characters", ["VPS110"], "", "print \"字\" "),
        shape("ranges", ["VPS110"], "let x = 1", "..1"),
        shape("carriage returns", ["VPS103", "VPS122"], "", "seed 0\r"),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: shapes)
    func isAnswered(_ shape: Shape) {
        let checked = check(shape.text)
        #expect(checked.diagnostics.count <= 1_001)
        var found: [String] = []
        for diagnostic in checked.errors where !found.contains(diagnostic.code) { found.append(diagnostic.code) }
        #expect(found == shape.codes)
        let renderer = DiagnosticRenderer(color: false)
        for diagnostic in checked.diagnostics.enumerated().filter({ $0.offset % 25 == 0 }).map(\.element) {
            let lines = renderer.render(diagnostic, in: checked.sources).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count < 1_000 })
        }
        _ = Formatter.format(Array(shape.text.utf8), file: 0)
    }

    @Test func whatIsLeftOutIsCounted() throws {
        let last = try #require(check(String(repeating: "trian\n", count: 1_500)).diagnostics.last)
        #expect(last.description == "error[VPS122]: 500 more problems are not shown")
        #expect(check(String(repeating: "trian\n", count: 1_001)).diagnostics.last?.message == "one more problem is not shown")
        #expect(check(String(repeating: "trian\n", count: 1_000)).diagnostics.count == 1_000)
        // Warnings that are left out are no reason to refuse the script.
        let warned = check((0..<1_200).map { "let a\($0) = 1\n" }.joined()).diagnostics
        #expect(warned.count == 1_001)
        #expect(warned.allSatisfy { $0.severity == .warning })
    }
}
