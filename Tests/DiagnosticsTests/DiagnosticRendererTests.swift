import Diagnostics
import Testing

struct DiagnosticRendererTests {
    private func sources(_ text: String, name: String = "ablation.vps") -> SourceMap {
        var map = SourceMap()
        map.add(name: name, text: Array(text.utf8))
        return map
    }

    /// The span of the first `needle` in `text`.
    private func span(of needle: String, in text: String) -> SourceSpan {
        let bytes = Array(text.utf8)
        let wanted = Array(needle.utf8)
        let lower = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? 0
        return SourceSpan(file: 0, lower: lower, upper: lower + wanted.count)
    }

    @Test func rendersTheFormOfTheManual() {
        let text = "vps 1\n\n\n\n\n\nproxies gru aplha=0.3\n"
        let diagnostic = Diagnostic(
            code: "VPS203", "`proxies` has no option `aplha`", at: span(of: "aplha", in: text), label: "did you mean `alpha`?",
            help: ["proxies gru takes alpha, keep, layers, n, step, norm, cell, range, update, dropout"])
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic, in: sources(text)) == """
                error[VPS203]: `proxies` has no option `aplha`
                  --> ablation.vps:7:13
                   |
                 7 | proxies gru aplha=0.3
                   |             ^^^^^ did you mean `alpha`?
                   = help: proxies gru takes alpha, keep, layers, n, step, norm, cell, range, update, dropout

                """)
    }

    @Test func widensTheMarginWithTheLineNumber() {
        let text = String(repeating: "\n", count: 119) + "train epoch=5"
        let diagnostic = Diagnostic(.warning, code: "VPS203", "no `epoch`", at: span(of: "epoch", in: text), help: ["a", "b"])
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic, in: sources(text)) == """
                warning[VPS203]: no `epoch`
                    --> ablation.vps:120:7
                     |
                 120 | train epoch=5
                     |       ^^^^^
                     = help: a
                     = help: b

                """)
    }

    @Test func alignsTabsAndWideCharacters() {
        let text = "\tprint \"犬\u{0301}🐕é\" oops"
        let diagnostic = Diagnostic(code: "VPS110", "no", at: span(of: "oops", in: text))
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic, in: sources(text)) == """
                error[VPS110]: no
                  --> ablation.vps:1:14
                   |
                 1 |     print "犬\u{0301}🐕é" oops
                   |                   ^^^^

                """)
    }

    @Test func showsNotesWithAndWithoutAPlace() {
        let text = "train epochs=1 epochs=2"
        var second = span(of: "epochs=2", in: text)
        second.upper -= 2
        let diagnostic = Diagnostic(
            code: "VPS204", "`epochs` is given twice", at: second,
            notes: [.init("first here", at: SourceSpan(file: 0, lower: 6, upper: 12)), .init("once is enough")])
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic, in: sources(text)) == """
                error[VPS204]: `epochs` is given twice
                  --> ablation.vps:1:16
                   |
                 1 | train epochs=1 epochs=2
                   |                ^^^^^^
                note: first here
                  --> ablation.vps:1:7
                   |
                 1 | train epochs=1 epochs=2
                   |       ^^^^^^
                   = note: once is enough

                """)
    }

    @Test func marksThePlaceAfterTheLastCharacter() {
        let diagnostic = Diagnostic(code: "VPS110", "more", at: SourceSpan(file: 0, lower: 5, upper: 5))
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic, in: sources("train")) == """
                error[VPS110]: more
                  --> ablation.vps:1:6
                   |
                 1 | train
                   |      ^

                """)
    }

    @Test func showsOnlyTheFirstLineOfALongSpan() {
        let diagnostic = Diagnostic(code: "VPS110", "all", at: SourceSpan(file: 0, lower: 2, upper: 9))
        let text = DiagnosticRenderer(color: false).render(diagnostic, in: sources("abcdef\r\nghij"))
        #expect(text.hasSuffix(" 1 | abcdef\n   |   ^^^^\n"))
    }

    @Test func cutsAVeryLongLineAroundTheSpan() {
        let text = String(repeating: "a", count: 5_000) + "WRONG" + String(repeating: "b", count: 5_000)
        let diagnostic = Diagnostic(code: "VPS110", "long", at: span(of: "WRONG", in: text))
        let lines = DiagnosticRenderer(color: false).render(diagnostic, in: sources(text)).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 200 })
        let source = Array(lines[3])
        let carets = Array(lines[4])
        let marked = zip(source, carets).filter { $0.1 == "^" }.map(\.0)
        #expect(String(marked) == "WRONG")
    }

    @Test func cutsBetweenCharacters() {
        // Each of three bytes, so that what is looked at would begin inside one.
        for blanks in 0..<4 {
            let text = String(repeating: " ", count: blanks) + String(repeating: "犬", count: 2_000) + "WRONG" + String(repeating: "猫", count: 2_000)
            let diagnostic = Diagnostic(code: "VPS110", "long", at: span(of: "WRONG", in: text))
            let shown = DiagnosticRenderer(color: false).render(diagnostic, in: sources(text))
            #expect(!shown.contains("\u{FFFD}"))
            #expect(shown.split(separator: "\n")[3].hasPrefix(" 1 | …犬"))
            #expect(shown.split(separator: "\n")[3].hasSuffix("猫…"))
        }
    }

    @Test func leavesOutTheMiddleOfALongMessage() {
        let name = String(repeating: "a", count: 100_000)
        let shown = DiagnosticRenderer(color: false).render(
            Diagnostic(code: "VPS201", "no command is called `\(name)`", at: nil, help: ["\(name) is no name"]), in: SourceMap())
        #expect(shown.utf8.count < 2_000)
        #expect(shown.hasPrefix("error[VPS201]: no command is called `aaa"))
        #expect(shown.contains("…aaa") && shown.contains("aaa`\n") && shown.hasSuffix("aaa is no name\n"))
    }

    @Test func showsNoSourceWithoutASpanOrFile() {
        let renderer = DiagnosticRenderer(color: false)
        let help = "\n  = help: see `data`\n"
        let bare = Diagnostic(code: "VPS401", "no data", at: nil, help: ["see `data`"])
        #expect(renderer.render(bare, in: SourceMap()) == "error[VPS401]: no data" + help)
        let lost = Diagnostic(code: "VPS401", "no data", at: SourceSpan(file: 7, lower: 0, upper: 1), help: ["see `data`"])
        #expect(renderer.render(lost, in: sources("x")) == "error[VPS401]: no data" + help)
    }

    @Test func survivesASpanOutsideTheText() {
        let renderer = DiagnosticRenderer(color: false)
        for (lower, upper) in [(-5, -1), (0, 99), (50, 99), (3, 1), (Int.max, Int.max)] {
            let span = SourceSpan(file: 0, lower: lower, upper: upper)
            #expect(renderer.render(Diagnostic(code: "VPS110", "x", at: span), in: sources("a\nb")).contains("^"))
        }
    }

    @Test func coloursOnlyWhenAsked() {
        let diagnostic = Diagnostic(code: "VPS110", "x", at: SourceSpan(file: 0, lower: 0, upper: 1), help: ["y"])
        let coloured = DiagnosticRenderer(color: true).render(diagnostic, in: sources("a"))
        let plain = DiagnosticRenderer(color: false).render(diagnostic, in: sources("a"))
        #expect(coloured.contains("\u{1B}[1;31merror[VPS110]\u{1B}[0m"))
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }
}
