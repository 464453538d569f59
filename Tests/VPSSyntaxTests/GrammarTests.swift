import ScriptFuzzing
import Testing
import VPSSyntax

/// The normative grammar and the parser describe one language.
struct GrammarTests {
    @Test func acceptsAndReprintsEverySentence() throws {
        let grammar = try EBNF.vps()
        var generator = SentenceGenerator(grammar: grammar, seed: 20_240_117)
        var longest = 0
        var failures = 0
        for number in 0..<6_000 where failures < 3 {
            let sentence = generator.sentence(of: "script")
            longest = max(longest, sentence.utf8.count)
            let result = parse(sentence)
            let printed = Printer.print(result.script)
            let again = parse(printed)
            if !result.diagnostics.isEmpty || !again.diagnostics.isEmpty || again.script != result.script
                || Printer.print(again.script) != printed
            {
                failures += 1
                Issue.record(
                    """
                    sentence \(number): \(sentence)
                    printed: \(printed)
                    \(rendered(sentence))\(rendered(printed))
                    """)
            }
        }
        #expect(longest > 500)
        #expect(generator.usedRules.union(["keyword", "reserved"]) == Set(grammar.rules.keys))
    }

    /// A statement at a time reaches forms that whole scripts reach rarely.
    @Test(arguments: ["statement", "parameter", "definition", "expression"])
    func acceptsEveryForm(of rule: String) throws {
        var generator = SentenceGenerator(grammar: try EBNF.vps(), seed: 7, deepest: 36)
        var failures = 0
        for _ in 0..<1_000 where failures < 3 {
            let sentence = (rule == "expression" ? "let x = " : "") + generator.sentence(of: rule)
            let result = parse(sentence)
            let again = parse(Printer.print(result.script))
            if !result.diagnostics.isEmpty || result.script.statements.count != 1 || again.script != result.script {
                failures += 1
                Issue.record("\(sentence)\n\(Printer.print(result.script))\n\(rendered(sentence))")
            }
        }
    }

    @Test func listsTheWordsThatTheParserKeeps() throws {
        let grammar = try EBNF.vps()
        #expect(grammar.words(of: .rule("keyword")) == Parser.statementWords)
        #expect(grammar.words(of: .rule("reserved")) == Parser.reservedWords)
        #expect(grammar.words(of: .rule("UNIT")) == VPSSyntax.Unit.allCases.map(\.rawValue))
        #expect(grammar.words(of: .rule("VERSION")) == ["\(Parser.languageVersion)"])
    }

    @Test func acceptsTheManual() {
        let result = parse(sampleScript)
        #expect(rendered(sampleScript) == "")
        #expect(parse(Printer.print(result.script)).script == result.script)
    }
}
