import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct CompleterTests {
    static let lines: [(String, [String]?)] = [
        ("tr", ["track", "train"]), ("", nil), ("lo", ["load", "lora", "loss"]), ("load vit-n", ["vit-nano"]), ("proxies ", ["gru", "mean", "simple", "none"]),
        ("proxies gru al", ["alpha="]), ("proxies gru norm=", ["each", "last"]), ("proxies mean no", []), ("eval m", ["map", "map-counted", "mean-ap"]),
        ("eval on=v", ["validation"]), ("load vit-s16 weights=r", ["random"]), ("print $re", ["$result"]),
        ("print $result.re", ["$result.recall@1"]), ("seed 1; tra", ["track", "train"]), ("# tr", []), ("if true { tra", ["track", "train"]),
        ("help proxies.al", ["proxies.alpha"]), ("help lo", ["load", "lora", "loss", "log"]), ("optim sgd lr=1e-3 l", []),
        ("train lr=(2 * $ra", ["$rate"]), ("print \"{$ra", ["$rate"]), ("nothing x", []),
    ]

    private func complete(_ line: String, files: MemoryFiles = MemoryFiles()) -> [String] {
        var scope = Scope()
        scope.set("result", to: .record(Record([("recall@1", .number(0.5)), ("queries", .integer(3))])))
        scope.set("rate", to: .number(0.1))
        return Completer(files: files).complete(line, cursor: line.utf8.count, scope: scope).completions.map(\.text)
    }

    @Test(arguments: CompleterTests.lines)
    func completes(_ line: String, _ expected: [String]?) {
        let found = complete(line)
        if let expected { #expect(found == expected, "\(line)") } else { #expect(found.contains("train")) }
    }

    @Test func paths() {
        let files = MemoryFiles(texts: ["m.safetensors": "", "m.txt": "", "data/x.npz": ""], folders: ["data"])
        #expect(complete("load vit-nano weights=\"", files: files) == ["data/", "m.safetensors"])
        #expect(complete("load vit-nano weights=\"data/", files: files) == ["data/x.npz"])
        #expect(complete("compare \"", files: files) == ["data/"])
        #expect(complete("data folder path=\"", files: files) == ["data/", "m.safetensors", "m.txt"])
    }

    @Test func theReplacedPartIsTheUnfinishedWord() {
        let line = "ä; proxies gru al"
        let list = Completer(files: MemoryFiles()).complete(line, cursor: line.utf8.count, scope: Scope())
        #expect(list.replaces == (line.utf8.count - 2)..<line.utf8.count)
    }

    @Test func anyTextIsTaken() {
        for line in ["\"", "\\", "= = =", "load =", "{{{{", "$", "$.", "proxies gru alpha=[", "help .", "data folder path=\"\\"] {
            _ = complete(line)
        }
        #expect(Completer(files: MemoryFiles()).complete("load", cursor: 99, scope: Scope()).replaces == 0..<4)
        #expect(Completer(files: MemoryFiles()).complete("load", cursor: -1, scope: Scope()).replaces == 0..<0)
    }
}
