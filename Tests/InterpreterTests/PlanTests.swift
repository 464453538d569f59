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

    /// A machine without the products that are asked for says so, as `run` does.
    @Test func precisionCounts() {
        func planned(_ precision: String) -> CapturedOutput {
            let script = "precision \(precision)\nload vit-nano\ndata glyphs\nmethod full\ntrain epochs=1 batch=16\n"
            let output = CapturedOutput()
            #expect(ScriptRunner(output: output, files: MemoryFiles(texts: ["main.vps": script])).plan("main.vps") == .success)
            return output
        }
        func memory(_ output: CapturedOutput) -> Substring? { output.text.firstMatch(of: /about (\d+ MiB)/)?.output.1 }
        let (full, half) = (planned("f32"), planned("bf16"))
        #expect(memory(full) != nil)
        #expect(memory(half) != memory(full) || (half.text + half.errors).contains("products are computed in f32"))
    }

    @Test func whatCannotTrainIsSaid() {
        let output = CapturedOutput()
        let script = "load vit-nano\ndata glyphs\ntrain batch=5000 per-class=2\n"
        let code = ScriptRunner(output: output, files: MemoryFiles(texts: ["main.vps": script])).plan("main.vps")
        #expect(code != .success && output.errors.contains("main.vps:3"))
    }
}
