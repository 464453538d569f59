import CommandCatalog
import Testing
import VPSAnalysis

/// Whatever is typed is answered, never a trap.
@Suite struct RobustnessTests {
    /// A fixed sequence, so that a failure comes back.
    private struct Sequence {
        var state: UInt64
        mutating func below(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, count)
        }
    }

    private static let pieces = [
        "$", "{", "}", "(", ")", "[", "]", "=", "->", "..", " by ", "\"", "\\", "-", "1e308", "9223372036854775807", "0", "none",
        "map", "$fit", ".", "@", "\n", ";", "for x in ", "if ", "def f(x) { f $x }\nf 1\n", "let x = ", "%", "^", "*", "/", "30min",
        "include \"s.vps\"\n", "assert ", "print ", "range(", "std(", "\u{0}", "é", "param p = ",
    ]

    @Test func mutatedScriptsAreChecked() {
        var random = Sequence(state: 42)
        let corpus = (Catalog.commands.flatMap(\.examples) + Catalog.languageTopics.flatMap(\.examples)).map { Array($0.script.unicodeScalars) }
        let files = MemoryFiles(texts: ["s.vps": "seed 1\n"], folders: ["birds"])
        for _ in 0..<2_000 {
            var script = corpus[random.below(corpus.count)]
            for _ in 0...random.below(4) {
                let place = random.below(script.count + 1)
                switch random.below(3) {
                case 0 where place < script.count: script.remove(at: place)
                case 1: script.insert(contentsOf: corpus[random.below(corpus.count)].prefix(random.below(40)), at: place)
                default: script.insert(contentsOf: Array(Self.pieces[random.below(Self.pieces.count)].unicodeScalars), at: place)
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: script)
            let line = String(text)
            _ = messages(line, files: files)
            _ = Completer(files: files).complete(line, cursor: random.below(line.utf8.count + 1), scope: Scope())
            _ = HelpText.topic(String(line.prefix(30)))
        }
    }

    @Test func extremeNumbers() {
        for text in [
            "seed 9223372036854775807", "for i in 1..9223372036854775807 { seed $i }", "for i in -1e300..1e300 by 1e-300 { print $i }",
            "print range(-9223372036854775807, 9223372036854775807)", "print -9223372036854775807 - 2", "print 9223372036854775807 % -1",
            "print round(1e300, 17)", "print 0 ^ -1", "print (-1) ^ 0.5", "print {1e300:.17}", "eval recall=1..9223372036854775807",
            "print len(range(99999))", "train batch=1e300", "print range(9007199254740991, -9007199254740991, 3)",
        ] {
            _ = messages(text)
        }
    }
}
