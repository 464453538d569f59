import Foundation
import Testing

@Suite(.serialized) struct CommandLineTests {
    @Test func runGivesParametersToTheScript() throws {
        let program = try BuiltProgram()
        let script = try program.write("param alpha = 0.5 in 0..1\nprint $alpha * 2\n", to: "a.vps")
        #expect(try program.run(["run", script]).output == "1\n")
        #expect(try program.run(["run", script, "alpha=0.2"]).output == "0.4\n")
        #expect(try program.run(["run", script, "alpha=7"]).status == 65)
        #expect(try program.run(["run", script, "nonsense"]).status == 64)
    }

    @Test func statusTellsHowItEnded() throws {
        let program = try BuiltProgram()
        #expect(try program.run(["run", "absent.vps"]).status == 66)
        #expect(try program.run(["run"]).status == 64)
        #expect(try program.run(["frobnicate"]).status == 64)
        #expect(try program.run(["run", program.write("assert 1 > $x", to: "b.vps")]).status == 65)
        #expect(try program.run(["run", program.write("let x = len([])\nassert $x > 0", to: "c.vps")]).status != 0)
        #expect(try program.run(["verify", program.folder.path]).status == 66)
        #expect(try program.run(["verify", program.folder.path, "--precision", "fp16"]).status == 64)
        #expect(try program.run(["verify", program.folder.path, "--products", "mkl"]).status == 64)
    }

    @Test func rejectedScriptRunsNothing() throws {
        let program = try BuiltProgram()
        let result = try program.run(["run", program.write("print 1\nproxies gru aplha=0.3\n", to: "a.vps")])
        #expect(result.status == 65)
        #expect(result.output == "")
        #expect(result.errors.contains("did you mean `alpha`?"))
    }

    @Test func checkReportsEveryFile() throws {
        let program = try BuiltProgram()
        let good = try program.write("print 1\n", to: "good.vps")
        let bad = try program.write("prin 1\nloda vit-nano\n", to: "bad.vps")
        let result = try program.run(["check", good, bad])
        #expect(result.status == 65)
        #expect(result.errors.contains("bad.vps:1:1") && result.errors.contains("bad.vps:2:1"))
        #expect(result.output == "")
        #expect(try program.run(["check", good]).status == 0)
    }

    @Test func controlCEndsARunWithItsStatus() throws {
        let program = try BuiltProgram()
        let script = try program.write("print 1\nfor j in 1..1000000 { for i in 1..1000000 { let x = $i } }\n", to: "long.vps")
        let session = try program.session(["run", script])
        try session.expect("1\r\n")
        session.type("\u{3}")
        #expect(try session.exitStatus() == 130)
    }

    @Test func helpKnowsTheLanguageAndTheSubcommands() throws {
        let program = try BuiltProgram()
        #expect(try program.run(["help"]).output.contains("proxies"))
        #expect(try program.run(["help", "proxies.alpha"]).output.hasPrefix("proxies.alpha: "))
        #expect(try program.run(["help", "verify"]).output.contains("USAGE: vptsp verify"))
    }

    @Test func transcriptIsAScriptOfWhatSucceeded() throws {
        let program = try BuiltProgram()
        let file = program.folder.appendingPathComponent("session.vps").path
        _ = try program.run(["--transcript", file], input: "let x = 4\nfrobnicate\nprint $x\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "let x = 4\nprint $x\n")
        #expect(try program.run(["run", file]).output == "4\n")
    }

    @Test func version() throws {
        #expect(try BuiltProgram().run(["--version"]).output.hasPrefix("vptsp 0."))
    }
}
