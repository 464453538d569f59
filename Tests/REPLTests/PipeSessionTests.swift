import Foundation
import Testing

@Suite(.serialized) struct PipeSessionTests {
    @Test func statementsWithoutPromptOrColors() throws {
        let result = try BuiltProgram().run([], input: "let x = 4\nprint $x\nfor i in [1, 2] {\n  print $i\n}\n")
        #expect(result.output == "4\n1\n2\n")
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test func lastLineNeedsNoLineFeed() throws {
        let result = try BuiltProgram().run([], input: "print 1")
        #expect(result.output == "1\n")
    }

    @Test func goesOnAfterARejectedStatementAndSaysSoAtTheEnd() throws {
        let result = try BuiltProgram().run([], input: "no-such-command\nprint 2\n")
        #expect(result.output == "2\n")
        #expect(result.errors.hasPrefix("error[VPS"))
        #expect(!result.errors.contains("\u{1B}"))
        #expect(result.status == 65)
    }

    @Test func aVeryLongStatementIsReadToItsEnd() throws {
        let list = "let x = [\n" + String(repeating: "1,\n", count: 50_000) + "]\n"
        let result = try BuiltProgram().run([], input: list + "print len($x)\nprint 2\n")
        #expect(result.errors == "")
        #expect(result.output == "50000\n2\n")
        let open = try BuiltProgram().run([], input: "print 1\n" + String(repeating: "let x = (\n", count: 20_000))
        #expect(open.output == "1\n")
        #expect(open.status == 65)
    }

    @Test func helpTakesSeveralWords() throws {
        let result = try BuiltProgram().run([], input: "help search lerning rate\nhelp proxies alpha\n?search cosine\n")
        #expect(result.errors == "")
        #expect(result.output.hasPrefix("optim.lr "))
        #expect(result.output.contains("\nproxies.alpha: weight"))
        #expect(result.output.contains("\nschedule.") || result.output.contains("\nschedule "))
        let shell = try BuiltProgram().run(["help", "search", "lerning", "rate"])
        #expect(shell.output.hasPrefix("optim.lr "))
        #expect(shell.status == 0)
    }

    @Test func quitEndsIt() throws {
        let result = try BuiltProgram().run([], input: "print 1\nquit\nprint 2\n")
        #expect(result.output == "1\n")
        #expect(result.status == 0)
    }

    @Test func leavesNoHistory() throws {
        let program = try BuiltProgram()
        _ = try program.run([], input: "print 1\n")
        #expect(!FileManager.default.fileExists(atPath: program.historyFile.path))
    }
}
