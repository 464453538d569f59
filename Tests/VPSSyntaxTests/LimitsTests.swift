import Testing
import VPSSyntax

/// Input of any depth and size is answered, never followed into the ground.
struct LimitsTests {
    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func refusesDeepNestingOnce() {
        let deep = 20_000
        for text in [
            "let x = " + repeated("(", deep) + "1" + repeated(")", deep),
            "let x = " + repeated("[", deep) + "1" + repeated("]", deep),
            "let x = " + repeated("(", deep), "let x = " + repeated("f(", deep), "let x = " + repeated("- ", deep) + "1",
            "let x = " + repeated("not ", deep) + "true", "let x = " + repeated("1 ^ ", deep) + "1",
            "let x = 1" + repeated(" + 1", deep), "let x = true" + repeated(" or true", deep),
            repeated("if true { ", deep) + repeated("}", deep), repeated("for a in [1] {\n", deep), repeated("a { ", deep),
            "let x = " + repeated("(1..", deep), "train lr=" + repeated("(", deep) + "1" + repeated(")", deep),
        ] {
            let diagnostics = parse(text + "\nseed 0\n").diagnostics
            #expect(diagnostics.first?.code == "VPS113", "\(text.prefix(40)) \(diagnostics)")
            #expect(diagnostics.count == 1, "\(text.prefix(40)) \(diagnostics.prefix(3))")
        }
    }

    @Test func refusesDeepStrings() {
        let text = "print " + repeated("\"{", 1_000) + "1" + repeated("}\"", 1_000)
        #expect(!parse(text).diagnostics.isEmpty)
        #expect(parse(repeated("\"{", 20_000)).isIncomplete == false)
        #expect(parse(repeated("print \"{\n", 20_000)).diagnostics.count == 20_000)
    }

    @Test func acceptsWhatIsAllowed() {
        let deep = Parser.maximumDepth - 1
        #expect(rendered("let x = " + repeated("(", deep) + "1" + repeated(")", deep)) == "")
        #expect(rendered("let x = 1" + repeated(" + 1", deep)) == "")
        #expect(rendered(repeated("if true { ", deep) + repeated("}", deep)) == "")
        #expect(rendered("let x = [" + repeated("1, ", 50_000) + "]") == "")
        #expect(rendered("if true { }" + repeated(" else if true { }", 20_000)) == "")
        #expect(rendered("f " + repeated("a ", 50_000)) == "")
        #expect(rendered(repeated("seed 1;", 50_000)) == "")
    }

    @Test func saysWhatIsNoText() {
        #expect(Parser.parse([0x61, 0, 0x62], file: 0).diagnostics.map(\.code) == ["VPS102"])
        #expect(Parser.parse([0xFF, 0xFE] + Array("\nlet = 1".utf8), file: 0).diagnostics.map(\.code) == ["VPS101", "VPS110"])
        #expect(Parser.parse(Array("# ".utf8) + [0xE9, 0x0A], file: 0).diagnostics.map(\.code) == ["VPS101"])
        #expect(Parser.parse(Array("print \"".utf8) + [0xC3], file: 0).isIncomplete == false)
        #expect(Parser.parse([0xEF, 0xBB, 0xBF] + Array("vps 1\r\nseed 0\r\n".utf8), file: 0).diagnostics.isEmpty)
        #expect(codes("seed 0\rseed 1") == ["1:103"])
        #expect(codes("seed \u{7}0") == ["1:103"])
    }
}
