import Foundation
import LanguageServer
import Testing

@Suite struct ProblemsTests {
    private let uri = "file:///nowhere/a.vps"

    @Test func diagnosticsHaveCodesPlacesAndHelp() throws {
        var talk = Conversation()
        talk.open("load vit-nano\nprint \"犬🐕\" ; proxies gru aplha=0.3\noptim sgd lr=1 lr=2\n")
        let found = try #require(talk.published[uri])
        #expect(found.map { $0["code"] } == ["VPS203", "VPS205"])
        #expect(text(of: found[0]["range"]) == "1:26-1:31")
        #expect(found[0]["severity"] == 1 && found[0]["source"] == "vptsp")
        let message = found[0]["message"].string ?? ""
        #expect(message.hasPrefix("`proxies` has no option `aplha`\ndid you mean `alpha`?\nhelp: proxies gru takes alpha"))
        let related = found[1]["relatedInformation"][0]
        #expect(related["message"] == "first given here" && text(of: related["location"]["range"]) == "2:10-2:14")
    }

    @Test func changesAreFollowed() {
        var talk = Conversation()
        talk.open("🐕 x\nprint 1\n")
        #expect(talk.published[uri]?.isEmpty == false)
        func change(_ changes: JSON) {
            talk.notify("textDocument/didChange", ["textDocument": ["uri": .string(uri), "version": 2], "contentChanges": changes])
        }
        func range(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> JSON {
            [
                "start": ["line": .number(Double(a)), "character": .number(Double(b))],
                "end": ["line": .number(Double(c)), "character": .number(Double(d))],
            ]
        }
        change([["range": range(0, 0, 0, 4), "text": "seed 1"], ["range": range(1, 6, 1, 7), "text": "\"🐕\""]])
        #expect(talk.published[uri] == [])
        change([["text": "frob\n"]])
        #expect(talk.published[uri]?.map { $0["code"] } == ["VPS201"])
        change([["range": range(9, 0, 9, 9), "text": "seed 2\n"], ["range": "no range", "text": "x"], 3])
        #expect(talk.published[uri]?.count == 1)
        talk.notify("textDocument/didClose", ["textDocument": ["uri": .string(uri)]])
        #expect(talk.published[uri] == [])
    }

    @Test func includedScriptsAreCheckedWhereTheyStand() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lsp-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let part = folder.appendingPathComponent("part.vps")
        try Data("print $rate + $wrong\n".utf8).write(to: part)
        let main = folder.appendingPathComponent("main.vps").absoluteString

        var talk = Conversation()
        talk.open("let rate = 1\ninclude \"part.vps\"\n", main)
        let outer = try #require(talk.published[main]?.first)
        #expect(text(of: outer["range"]) == "1:8-1:18")
        #expect(outer["message"].string?.hasPrefix("in the included script: no variable is called `$wrong`") == true)
        #expect(outer["relatedInformation"][0]["location"]["uri"].string == part.absoluteString)

        // Opened itself, it is checked with the names of the script that includes it.
        talk.open("print $rate + $wrong\n", part.absoluteString)
        #expect(talk.published[part.absoluteString]?.map { text(of: $0["range"]) } == ["0:15-0:20"])
        talk.open("print $rate\n", part.absoluteString)
        #expect(talk.published[part.absoluteString] == [])
        #expect(talk.published[main] == [])
    }
}
