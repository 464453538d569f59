import LanguageServer
import Testing

@Suite struct WritingTests {
    private func labels(_ text: String) -> [String] {
        var talk = Conversation()
        return (talk.ask("textDocument/completion", text)["items"].array ?? []).compactMap { $0["label"].string }
    }

    @Test func completion() {
        #expect(labels("tra|") == ["track", "train"])
        #expect(labels("load vit-nano\nproxies gru al|\ntrain") == ["alpha="])
        #expect(labels("let rate = 3\nlet other = 1\noptim sgd lr=$ra|") == ["$rate"])
        #expect(labels("load vit-nano\ndata glyphs\neval recall=[1, 5] -> result\nprint $result.re|") == ["$result.recall@1", "$result.recall@5"])
        #expect(labels("def trial(depth, width=2) {\n  let deep = 1\n  print $de|\n}\n") == ["$deep", "$depth"])
        #expect(labels("def trial(depth) {\n}\ntrial de|") == ["depth="])
    }

    @Test func completionReplacesTheUnfinishedWordInUTF16() {
        var talk = Conversation()
        let list = talk.ask("textDocument/completion", "let x = 1\nprint \"🐕犬 {$|")
        #expect(list["items"][0]["textEdit"]["newText"] == "$x")
        #expect(text(of: list["items"][0]["textEdit"]["range"]) == "1:12-1:13")
    }

    @Test func hover() {
        var talk = Conversation()
        func shown(_ text: String) -> String { talk.ask("textDocument/hover", text)["contents"]["value"].string ?? "" }
        #expect(shown("load vit-nano\npro|xies gru").contains("proxies: choose what stands for a class"))
        #expect(shown("load vit-nano\nproxies gru al|pha=0.3").contains("proxies.alpha: weight of the learned proxy O"))
        #expect(shown("let rate = 2 * 3  # six\nprint $ra|te") == "```vps\nlet rate = 2 * 3  # six\n```\nline 1: `6`")
        #expect(shown("print lo|g(2)").contains("natural logarithm"))
        #expect(shown("f|or x in [1] {}").contains("Run statements for each value") || shown("f|or x in [1] {}").contains("for: run statements"))
        #expect(shown("def f(a) { print $|a }\nf 1").contains("def f(a)"))
        #expect(shown("print |1") == "")
    }

    @Test func signatures() {
        var talk = Conversation()
        let command = talk.ask("textDocument/signatureHelp", "load vit-nano\nproxies gru alpha=|")
        #expect(command["signatures"][0]["label"].string?.hasPrefix("proxies gru [alpha=ALPHA]") == true)
        #expect(command["activeParameter"] == 0)
        let function = talk.ask("textDocument/signatureHelp", "print round(1.5, |")
        #expect(function["activeParameter"] == 1)
        let own = talk.ask("textDocument/signatureHelp", "def f(a, b=2) {}\nf 1 |")
        #expect(own["signatures"][0]["label"] == "f a b=2")
        #expect(own["activeParameter"] == 1)
        #expect(talk.ask("textDocument/signatureHelp", "|") == .null)
    }
}
