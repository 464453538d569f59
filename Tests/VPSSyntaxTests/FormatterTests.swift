import Foundation
import ScriptFuzzing
import Testing
import VPSSyntax

struct FormatterTests {
    private func format(_ text: String) -> String? {
        guard case .formatted(let text) = Formatter.format(Array(text.utf8), file: 0) else { return nil }
        return text
    }

    @Test func keepsOneOfSeveralEmptyLines() {
        let untidy = """


            seed 0   ;   threads 2

              \t
            # about the loop

            for n in 1..3 {

              print $n

              # last word

            }
            print 1


            """
        #expect(
            format(untidy) == """
                seed 0
                threads 2

                # about the loop

                for n in 1..3 {
                  print $n

                  # last word
                }
                print 1

                """)
    }

    @Test func breaksLongLines() {
        let numbers = (1...40).map(String.init).joined(separator: ",")
        #expect(
            format("let numbers=[\(numbers)]\n") == """
                let numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                    24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]

                """)
        #expect(
            format("if true {train epochs=15 steps=1000 batch=64 per-class=2 name=a-long-name evaluate=5 checkpoint=last seed=1 -> fit }\n")
                == """
                    if true {
                      train epochs=15 steps=1000 batch=64 per-class=2 name=a-long-name evaluate=5 checkpoint=last \\
                          seed=1 -> fit
                    }

                    """)
        // A line cannot break inside the braces of a string.
        let long = "print \"\(String(repeating: "a", count: 90)) {max(1, 2, 3)}\"\n"
        #expect(format(long) == long)
    }

    @Test func keepsTheLinesAroundCommentsInBrackets() {
        let table = """
            let grid = [
              (1, 2),  # small
              (3, 4),  # large
            ]  # both
            eval recall=[
                1,  # first
                2
              ]

            """
        #expect(format(table) == table)
        #expect(
            format("let a=[1,   \n 2, # two  \r\n 3]\n") == """
                let a = [1,
                 2, # two
                 3]

                """)
    }

    @Test func commentMarksStayTogether() {
        let text = "#!/usr/bin/env -S vptsp run\n## Title\n#\n# text\nseed 1  # why\n"
        #expect(format(text) == text)
        #expect(format("#text\nseed 1#why\n") == "# text\nseed 1  # why\n")
    }

    @Test func saysWhyTextIsNoScript() {
        guard case .rejected(let found) = Formatter.format(Array("let = 3\n".utf8), file: 0) else {
            Issue.record("it is no script")
            return
        }
        #expect(found.map(\.code) == ["VPS110"])
    }

    /// What it writes means the same, with every comment, and is a fixed point; no line is over-long that could be broken.
    @Test func generatedScriptsKeepTheirMeaning() throws {
        var generator = SentenceGenerator(grammar: try EBNF.vps(), seed: 4_711)
        var failures = 0
        for number in 0..<1_500 where failures < 3 {
            let sentence = generator.sentence(of: "script")
            let original = parse(sentence)
            let once = format(sentence) ?? ""
            let again = parse(once)
            let comments = again.script.comments.map(\.text)
            if original.script != again.script || comments != original.script.comments.map(\.text) || format(once) != once {
                failures += 1
                Issue.record("sentence \(number):\n\(sentence)\nonce:\n\(once)\ntwice:\n\(format(once) ?? "-")")
            }
        }
    }

    @Test func theScriptsOfTheTreeKeepTheirMeaning() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var seen = 0
        for folder in ["Scripts", "Docs", "Tests"] {
            let paths = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
            for case let file as URL in paths ?? .init() where file.pathExtension == "vps" {
                let text = try String(contentsOf: file, encoding: .utf8)
                guard let once = format(text) else { continue }  // planted mistakes
                #expect(parse(once).script == parse(text).script, "\(file.lastPathComponent)")
                #expect(parse(once).script.comments.map(\.text) == parse(text).script.comments.map(\.text))
                #expect(format(once) == once, "\(file.lastPathComponent)")
                seen += 1
            }
        }
        #expect(seen > 1)
    }
}
