import Interpreter
import Testing

/// `vptsp check --plan`.
@Suite struct PlanTests {
    @Test func everyTrainingSaysWhatItTakes() {
        let script = """
            param epochs = 3
            load vit-nano
            data glyphs
            method linear
            for n in [1, 2] {
              train epochs=($epochs * $n) batch=16 -> fit
            }
            print $fit.loss
            eval -> r
            assert $r.recall@1 > 2
            if $r.recall@1 > 0.5 { train epochs=9 }
            """
        let output = CapturedOutput()
        let code = ScriptRunner(output: output, files: MemoryFiles(texts: ["main.vps": script])).plan("main.vps", arguments: ["epochs=2"])
        #expect(code == .success && output.errors == "")
        let lines = output.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.contains(" parameters, 2 epochs x 150 steps of 16, about ") == true, "\(output.text)")
        #expect(lines.dropFirst().first?.contains(" parameters, 4 epochs x 150 steps of 16, about ") == true)
        #expect(lines.last == "main.vps:11  `if` depends on a result: not planned")
    }

    @Test func whatCannotTrainIsSaid() {
        let output = CapturedOutput()
        let script = "load vit-nano\ndata glyphs\ntrain batch=5000 per-class=2\n"
        let code = ScriptRunner(output: output, files: MemoryFiles(texts: ["main.vps": script])).plan("main.vps")
        #expect(code != .success && output.errors.contains("main.vps:3"))
    }
}
