import Foundation
import Testing
import VPSAnalysis

@Suite struct AnalyzerTests {
    @Test func theScriptOfTheDesignIsClean() {
        let text = """
            vps 1
            param alpha = 0.5 in 0..1 "weight of the original proxies"
            seed 0
            load vit-s16
            data folder path="birds"
            prompts layers=12 n=10
            proxies gru alpha=$alpha layers=12 n=3
            tune bitfit
            loss proxy-anchor
            optim sgd lr=5e-3 proxy-lr=0.1 momentum=0.9
            schedule cosine epochs=50 min=1e-8
            train epochs=15 batch=64 per-class=2 -> fit
            eval recall=[1, 2, 4, 8] map -> result
            assert $result.recall@1 > 0.80 "worse than the published baseline"
            print "R@1 {$result.recall@1:.3} after {$fit.minutes:.1} min"
            """
        #expect(messages(text, files: MemoryFiles(folders: ["birds"])) == "")
    }

    @Test func tenErrorsInOnePass() {
        let text = """
            load vit-nanno
            data glyphs distroted
            prompts layers=99
            proxies gru aplha=0.3 cell=gelu
            optim sgd lr=-1 lr=2
            loss proxy-anchor alpha=$missing
            tain epochs=15
            eval recall=[0]
            print 1 / 0
            include "other.vps"
            print $result.recall@1
            """
        #expect(
            findings(text) == [
                "VPS208 vit-nanno", "VPS203 distroted", "VPS203 aplha", "VPS208 gelu", "VPS207 -1", "VPS205 lr", "VPS301 missing",
                "VPS201 tain", "VPS207 0", "VPS307 0", "VPS404 \"other.vps\"",
            ])
    }

    @Test func nothingFollowsFromAMistake() {
        #expect(findings("train -> fit\nprint $fit.loss\neval\n") == ["VPS401 train", "VPS401 train"])
        #expect(findings("load vit-nano\ndata glyphs\neval on=validation\neval on=validation\n") == ["VPS401 on=validation"])
        #expect(findings("laod vit-nano -> m\ntrain\nprint $m.depth\n") == ["VPS201 laod"])
        #expect(findings("let x = $y + 1\nprint $x\nprint \"{$x:.3}\"\n") == ["VPS301 y"])
        #expect(findings("let = 3\ntrain\n").count == 1)
        #expect(findings("load\nprompts n=5\n") == ["VPS209 load"])
        #expect(findings("seed 1 -> s\nprint $s.x\n") == ["VPS216 s"])
    }

    /// What a statement would have given, had it been understood, is not missed by those after it; what is wrong in itself
    /// is said all the same.
    @Test(arguments: [
        ("load vit-nano\ndata glyphs by=\ntrain\n", ["VPS110 by"]),
        ("load vit-nano\ndata = glyphs\ntrain\n", ["VPS110 ="]),
        ("load vit-nano\n'data' glyphs\ntrain\neval\n", ["VPS103 'data'"]),
        ("load vit-nano\ndata glyphs \"\ntrain\neval -> r\nprint $r.recall@1\n", ["VPS104 \""]),
        ("load vit-nano\nlet n = \ndata glyphs\nprompts n=$n\ntrain\n", ["VPS110 \n"]),
        ("load vit-nano\nif true {\ndata glyphs\n}}\ntrain batch=0\n", ["VPS112 }", "VPS207 0"]),
        ("load vit-nano\nsweep a {\nvary n in [1, 2\nprompts n=$n\ntrain\n}\neval\n", ["VPS111 ["]),
        ("let x = (1 + \ndef f(a { train }\nload vit-nano\nf 1\n", ["VPS111 (", "VPS111 ("]),
        ("load vit-nano (\ndata glyphs\ntrian\n", ["VPS111 (", "VPS201 trian"]),
    ])
    func nothingFollowsFromASyntaxError(_ text: String, _ expected: [String]) {
        #expect(findings(text) == expected, "\(messages(text))")
    }

    @Test func aParameterNamedTwiceIsOneMistake() {
        #expect(findings("def f(a, a) { seed $a }\nf 1 2\nf 1\nf a=1\n") == ["VPS317 a"])
        #expect(findings("def f(a, b, a) { seed $a }\nf 1 2 3\nf 1 2 3 4\n") == ["VPS317 a", "VPS202 4"])
        #expect(findings("def f(a) { seed $a }\nf 1 a=2\n") == ["VPS205 a"])
    }

    @Test func branchesOfAnUnknownConditionAreBothChecked() {
        let text = """
            load vit-nano
            data glyphs
            eval -> r
            if $r.recall@1 > 0.5 { trian } else { prompts n=0 }
            if $r.recall@1 > 0.5 { let a = 1 }
            print $a
            """
        #expect(findings(text) == ["VPS201 trian", "VPS207 0"])
    }

    @Test func aBranchNotTakenIsCheckedForMisspellingsOnly() {
        let text = """
            let fast = true
            if $fast { load vit-nano } else {
              data folder path="nowhere"
              trian
              print $unset
            }
            """
        #expect(findings(text) == ["VPS201 trian"])
    }

    @Test func factsOfEitherBranchCount() {
        let before = "load vit-nano\ndata glyphs\neval -> r\n"
        #expect(findings(before + "if $r.recall@1 > 0.5 { train }\nsave \"m.safetensors\"\n") == [])
        #expect(findings(before + "save \"m.safetensors\"\n") == ["VPS401 save"])
    }

    @Test func loopsAreUnrolled() {
        #expect(findings("load vit-nano\nfor n in [1, 5, 0] { prompts n=$n }\n") == ["VPS207 $n"])
        #expect(findings("load vit-nano\nfor a, b in [(1, 2), (3, 4)] { prompts layers=$a n=$b }\n") == [])
        #expect(findings("for a, b in [(1, 2), 3] { print $a }\n") == ["VPS310 3"])
        #expect(findings("for x in 3 { print $x }\n") == ["VPS309 3"])
        #expect(findings("for x in 0.1..0.5 { print $x }\n") == ["VPS315 0.1..0.5"])
        #expect(findings("for x in [] { prnit $x }\n") == ["VPS201 prnit"])
    }

    @Test func analysisEnds() {
        let clock = ContinuousClock()
        var nested = ""
        for depth in 0..<80 { nested += "for a\(depth) in 1..1000000 { " }
        nested += "seed 1 " + String(repeating: "}", count: 80)
        var calls = "def f0(x) { seed $x }\n"
        for level in 1..<60 { calls += "def f\(level)(x) { f\(level - 1) $x; f\(level - 1) $x }\n" }
        calls += "f59 1\n"
        let time = clock.measure {
            #expect(findings(nested) == [])
            #expect(findings(calls) == [])
        }
        #expect(time < .seconds(10))
    }

    @Test func definitions() {
        let text = "def trial(n, k=2) {\n  prompts n=$n\n  print $k\n}\nload vit-nano\n"
        #expect(findings(text + "trial 5\ntrial 5 k=3\n") == [])
        #expect(findings(text + "trial\n") == ["VPS209 trial"])
        #expect(findings(text + "trial 5 6 7\n") == ["VPS202 7"])
        #expect(findings(text + "trial 5 j=1\n") == ["VPS203 j"])
        #expect(findings(text + "trial 5 n=1\n") == ["VPS205 n"])
        #expect(findings(text + "trial 0\n") == ["VPS207 $n"])
        #expect(findings(text + "trial 1\nprint $n\n") == ["VPS301 n"])
        #expect(findings("def a(x) { a $x }\na 1\n") == ["VPS219 a"])
        #expect(findings("def train(x) { print $x }\n") == ["VPS218 train"])
        #expect(findings("def never(x) { trian $x }\n") == ["VPS201 trian"])
        #expect(findings("let g = 3\ndef f(x) { print $g }\nf 1\n") == [])
    }

    @Test func parameters() {
        let text = "param alpha = 0.5 in 0..1 \"weight\"\nparam mode = gru in [gru, mean]\nprint $alpha\n"
        #expect(codes(text) == [])
        #expect(codes(text, parameters: ["alpha=0.2", "mode=mean"]) == [])
        #expect(codes(text, parameters: ["alpha=2"]) == ["VPS311"])
        #expect(codes(text, parameters: ["alpha=gru"]) == ["VPS311"])
        #expect(codes(text, parameters: ["mode=none"]) == ["VPS311"])
        #expect(codes(text, parameters: ["alhpa=0.2"]) == ["VPS312"])
        #expect(codes("param p = \"a\"\n", parameters: ["p=~/data/birds"]) == [])
    }

    @Test func assertions() {
        #expect(findings("assert 1 > 2 \"no\"\n") == ["VPS316 1 > 2"])
        #expect(findings("load vit-nano\ndata glyphs\neval -> r\nif $r.recall@1 < 0.5 { assert false \"bad\" }\n") == [])
        #expect(findings("assert 1\n") == ["VPS308 1"])
        #expect(findings("if 1 { seed 0 }\n") == ["VPS308 1"])
    }

    @Test func includes() {
        let files = MemoryFiles(texts: [
            "lib/a.vps": "include \"b.vps\"\nlet fromA = 1\n", "lib/b.vps": "def own(n) { seed $n }\n", "loop.vps": "include \"s.vps\"\n",
            "wrong.vps": "trian\nlet x =\n",
        ])
        #expect(findings("include \"lib/a.vps\"\nown 3\nprint $fromA\n", files: files) == [])
        #expect(findings("include \"loop.vps\"\n", files: files) == ["VPS405 \"s.vps\""])
        #expect(findings("include \"lib/c.vps\"\nown 3\nprint $fromA\n", files: files) == ["VPS404 \"lib/c.vps\""])
        #expect(findings("include \"wrong.vps\"\ntrain\n", files: files).first == "VPS201 trian")
    }

    @Test func filesThatTheScriptWritesMayBeRead() {
        let before = "load vit-nano\ndata glyphs\ntrain name=a\nsave \"m.safetensors\"\n"
        #expect(findings(before + "restore \"m.safetensors\"\nrestore \"runs/a\"\n") == [])
        #expect(findings(before + "restore \"other.safetensors\"\n") == ["VPS402 \"other.safetensors\""])
    }

    @Test func lastResultIsKnownOnceACommandReturnedOne() {
        #expect(findings("load vit-nano\nprint $_.depth\n") == [])
        #expect(findings("load vit-nano\nprint $_.dpeth\n").count == 1)
        #expect(findings("print $_\n").count == 1)
        #expect(findings("load vit-nano\nprompts n=3\nprint $_.depth\n") == [])
    }

    /// What stands in a branch for another value is judged without the value at hand.
    @Test func branchesThatAreNotTakenKeepNoValues() {
        let script = "param row = \"full\"\nload vit-nano\nif $row == \"full\" { method full } else { method $row bitfit }\n"
        #expect(findings(script) == [])
        #expect(findings(script.replacingOccurrences(of: "method $row bitfit", with: "method full bitfit")) == ["VPS204 bitfit"])
    }

    @Test func rangeIsOfSemanticProxies() {
        #expect(findings("load vit-nano\nproxies none range=batch\n") == ["VPS204 range"])
        #expect(findings("load vit-nano\nproxies simple range=batch\n") == [])
    }

    @Test func stateOfWordsAndOptions() {
        let before = "load vit-nano\ndata glyphs\n"
        #expect(findings(before + "eval on=validation\n") == ["VPS401 on=validation"])
        #expect(findings("load vit-nano\ndata glyphs validate=0.2\neval on=validation\n") == [])
        #expect(findings("load vit-nano\nembed \"a.npy\" images=\"birds\"\n", files: MemoryFiles(folders: ["birds"])) == [])
        #expect(findings("load vit-nano\nembed \"a.npy\"\n") == ["VPS401 embed"])
    }

    @Test func propertiesFollowTheModel() {
        #expect(findings("load vit depth=3 image=32 patch=8 dim=48 heads=3\nprompts layers=4\n") == ["VPS213 layers=4"])
        #expect(findings("load vit dim=48 heads=5\n") == ["VPS212 dim=48"])
        #expect(findings("load vit image=50 patch=8\n") == ["VPS212 image=50"])
        #expect(findings("load vit-nano\ndata glyphs\ntrain batch=512 per-class=2\n") == ["VPS213 batch=512"])
    }
}
