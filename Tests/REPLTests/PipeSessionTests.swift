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
