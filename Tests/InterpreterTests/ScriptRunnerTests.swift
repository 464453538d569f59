import Interpreter
import Testing
import VPSAnalysis

struct ScriptRunnerTests {
    @Test func exitsWithWhatHappened() {
        #expect(run(["main.vps": "print 1"]).code == .success)
        #expect(run([:]).code == .inputMissing)
        #expect(run(["main.vps/x": ""]).code == .inputMissing)
        #expect(run(["main.vps": "print $x"]).code == .rejected)
        #expect(run(["main.vps": "let = "]).code == .rejected)
        #expect(run(["main.vps": "print 1"], "main.vps", ["nonsense"]).code == .usage)
        #expect(run(["main.vps": "param a = 1"], "main.vps", ["a=(1"]).code == .rejected)
        #expect(ExitCode(Session.Outcome.interrupted).rawValue == 130)
    }

    @Test func takesParametersFromTheCommandLine() {
        let script = ["main.vps": "param alpha = 0.5 in 0..1 \"weight\"\nparam name = \"x\"\nprint \"{$alpha} {$name}\""]
        #expect(run(script).text == "0.5 x\n")
        #expect(run(script, "main.vps", ["alpha=0.2", "name=~/a b"]).text == "0.2 ~/a b\n")
        let outside = run(script, "main.vps", ["alpha=2"])
        #expect(outside.code == .rejected && outside.errors.contains("VPS311"))
        let unknown = run(script, "main.vps", ["aplha=0.2"])
        #expect(unknown.code == .rejected && unknown.errors.contains("VPS312"))
    }

    @Test func includesFilesBesideTheScript() {
        let files = [
            "dir/main.vps": "include \"lib/def.vps\"\nhello you",
            "dir/lib/def.vps": "include \"more.vps\"\ndef hello(name) { print \"{$greeting} {$name}\" }",
            "dir/lib/more.vps": "let greeting = hello",
        ]
        let result = run(files, "dir/main.vps")
        #expect(result.text == "hello you\n")
        #expect(result.errors == "")
        #expect(run(["main.vps": "include \"main.vps\""]).code == .rejected)
        #expect(run(["main.vps": "include \"gone.vps\""]).code == .rejected)
    }

    @Test func reportsAllErrorsBeforeRunningAnything() {
        let result = run(["main.vps": "print \"first\"\nlet x = )\nprint $nobody\nhelpp\nassert 3"])
        #expect(result.code == .rejected)
        #expect(result.text == "")
        for code in ["VPS110", "VPS301", "VPS201", "VPS308"] { #expect(result.errors.contains(code), "\(result.errors)") }
    }

    /// A check may happen on another machine than the run: what a parameter names need not lie here.
    @Test func checkForgivesMissingFilesThatParametersName() {
        let texts = [
            "a.vps": "param data = \"birds\" \"folder\"\ndata folder path=$data", "b.vps": "data folder path=\"birds\"",
        ]
        let output = CapturedOutput()
        let runner = ScriptRunner(output: output, files: MemoryFiles(texts: texts))
        #expect(runner.check("a.vps") == .success)
        #expect(output.errors.contains("warning[VPS402]: there is no \"birds\""))
        #expect(runner.check("a.vps", arguments: ["data=1..2"]) == .rejected)
        #expect(runner.check("b.vps") == .rejected)
        #expect(runner.run("a.vps") == .rejected)
    }

    @Test func checksWithoutRunning() {
        let output = CapturedOutput()
        let runner = ScriptRunner(output: output, files: MemoryFiles(texts: ["a.vps": "print 1", "b.vps": "print $x"]))
        #expect(runner.check("a.vps") == .success)
        #expect(output.text == "" && output.errors == "")
        #expect(runner.check("b.vps") == .rejected)
    }
}
