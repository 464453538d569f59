import LanguageServer
import Testing

@Suite struct OutlineTests {
    @Test func formatting() {
        var talk = Conversation()
        let edits = talk.ask("textDocument/formatting", "seed   0;print 1 # 犬|")
        #expect(edits[0]["newText"] == "seed 0\nprint 1  # 犬\n")
        #expect(text(of: edits[0]["range"]) == "0:0-0:20")
        #expect(talk.ask("textDocument/formatting", "seed 0\n|") == [])
        #expect(talk.ask("textDocument/formatting", "let = |") == [])
    }

    @Test func folding() {
        var talk = Conversation()
        let folds = talk.ask("textDocument/foldingRange", "# a\n# b\nif true {\n  print 1\n} else {\n  print 2\n  print [1,\n    2]\n}\nlet x = 1  # c|")
        let lines = (folds.array ?? []).map { "\($0["startLine"].integer ?? -1)-\($0["endLine"].integer ?? -1) \($0["kind"].string ?? "")" }
        #expect(lines == ["2-3 region", "4-7 region", "6-7 region", "0-1 comment"])
    }

    @Test func symbols() {
        var talk = Conversation()
        let symbols = talk.ask("textDocument/documentSymbol", "param a = 1\ndef f(x) { let y = $x }\nif true { eval -> r }|")
        #expect(symbols.array?.map { $0["name"] } == ["a", "f", "r"])
        #expect(symbols[1]["children"][0]["name"] == "y")
        #expect(text(of: symbols[1]["selectionRange"]) == "1:4-1:5")
    }
}
