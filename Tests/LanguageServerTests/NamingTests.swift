import Foundation
import LanguageServer
import Testing

@Suite struct NamingTests {
    /// The text after the rename at `|`; the reason when it is refused.
    private func renamed(_ text: String, _ name: String) -> String {
        var talk = Conversation()
        let answer = talk.ask("textDocument/rename", text, ["newName": .string(name)])
        let plain = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).joined()
        if answer == .null { return "refused" }
        return applied(answer["changes"]["file:///nowhere/a.vps"], to: plain)
    }

    @Test func everyKindOfNameIsRenamed() {
        #expect(renamed("let |a = 1\nprint \"{$a} $a\"\nlet b = $a", "x") == "let x = 1\nprint \"{$x} $a\"\nlet b = $x")
        #expect(renamed("param a = 1 in 0..2\nlet b = $|a + $a", "x") == "param x = 1 in 0..2\nlet b = $x + $x")
        #expect(renamed("for a, b in [(1, 2)] { print $a + $|b }", "x") == "for a, x in [(1, 2)] { print $a + $x }")
        #expect(renamed("eval -> |r\nprint $r.recall@1", "out") == "eval -> out\nprint $out.recall@1")
        #expect(renamed("def |f(a) { print $a }\nf 1\nf a=2", "g") == "def g(a) { print $a }\ng 1\ng a=2")
        #expect(renamed("def f(a, b=1) { print $a }\nlet a = 3\nf $a\nf |a=2", "x") == "def f(x, b=1) { print $x }\nlet a = 3\nf $a\nf x=2")
        #expect(renamed("let |a = \"犬🐕\" ; print \"犬🐕 {$a}\"", "x") == "let x = \"犬🐕\" ; print \"犬🐕 {$x}\"")
    }

    @Test func whatADefMakesIsItsOwn() {
        let text = "let a = 1\ndef f(b) {\n  print $a\n  let a = 2\n  print $|a + $b\n}\nprint $a"
        #expect(renamed(text, "x") == "let a = 1\ndef f(b) {\n  print $a\n  let x = 2\n  print $x + $b\n}\nprint $a")
    }

    @Test func namesThatWouldChangeTheMeaningAreRefused() {
        #expect(renamed("let |a = 1\nlet b = 2", "b") == "refused")
        #expect(renamed("let |a = 1", "1a") == "refused")
        #expect(renamed("let |a = 1", "true") == "refused")
        #expect(renamed("def |f() {}", "train") == "refused")
        #expect(renamed("tr|ain", "x") == "refused")
        #expect(renamed("let |a = 1\ndef f(b) { print $a }", "b") == "refused")
        #expect(renamed("let a = 1\ndef f(b) { print $a + $|b }", "a") == "refused")
    }

    @Test func definitionsAndReferences() {
        var talk = Conversation()
        let text = "let a = 1\nif true { let a = 2 }\nprint $|a"
        let definitions = talk.ask("textDocument/definition", text).array ?? []
        #expect(definitions.map { LanguageServerTests.text(of: $0["range"]) } == ["0:4-0:5", "1:14-1:15"])
        let references = talk.ask("textDocument/references", text, ["context": ["includeDeclaration": false]]).array ?? []
        #expect(references.map { LanguageServerTests.text(of: $0["range"]) } == ["2:7-2:8"])
        #expect(talk.ask("textDocument/documentHighlight", text).array?.count == 3)
        #expect(talk.ask("textDocument/prepareRename", text)["placeholder"] == "a")
    }

    @Test func namesGoThroughIncludes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lsp-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ name: String) throws -> String {
            let file = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            return file.absoluteString
        }
        let common = "let rate = 0.1\ndef trial(n) { print $n * $rate }\n"
        let commonURI = try write(common, "common.vps")
        let mainText = "include \"common.vps\"\ntrial 3\nprint $ra|te\n"
        let mainURI = try write(mainText, "main.vps")
        let other = "let rate = 5\nprint $rate\n"
        let otherURI = try write(other, "other.vps")

        var talk = Conversation()
        let changes = talk.ask("textDocument/rename", mainText, ["newName": "pace"], uri: mainURI)["changes"]
        #expect(applied(changes[commonURI], to: common) == "let pace = 0.1\ndef trial(n) { print $n * $pace }\n")
        #expect(applied(changes[mainURI], to: "include \"common.vps\"\ntrial 3\nprint $rate\n").hasSuffix("print $pace\n"))
        #expect(changes[otherURI] == .null)
        #expect(talk.published[mainURI] == [])

        let definition = talk.ask("textDocument/definition", "include \"common.vps\"\ntr|ial 3\n", uri: mainURI)
        #expect(definition[0]["uri"].string == commonURI)
        let file = talk.ask("textDocument/definition", "include \"com|mon.vps\"\n", uri: mainURI)
        #expect(file[0]["uri"].string == commonURI)

        // From the included script, the one that includes it follows.
        let back = talk.ask("textDocument/references", "let ra|te = 0.1\ndef trial(n) { print $n * $rate }\n", uri: commonURI)
        #expect(back.array?.count == 2)
        talk.open("include \"common.vps\"\nprint $rate\n", mainURI)
        #expect(talk.ask("textDocument/references", "let ra|te = 0.1\n", uri: commonURI).array?.count == 2)
    }
}
