import Foundation
import Glibc
import Testing

@Suite(.serialized) struct TerminalSessionTests {
    @Test func promptAppearsAndControlDLeaves() throws {
        let session = try BuiltProgram().session()
        try session.expect("vptsp ▸ ")
        session.type("\u{4}")
        #expect(try session.exitStatus() == 0)
    }

    @Test func asciiPromptWhereTheLocaleIsNotUTF8() throws {
        let session = try BuiltProgram().session([], ["LANG": "C"])
        try session.expect("vptsp> ")
    }

    @Test func noColorsWhenAskedNot() throws {
        let session = try BuiltProgram().session([], ["NO_COLOR": "1"])
        try session.expect("vptsp> ")
        session.type("no-such-command\r")
        try session.expect("error[VPS")
        try session.expect("vptsp> ")
        #expect(!session.raw.contains("\u{1B}[1m"))
        #expect(!session.raw.contains("\u{1B}[0m"))
    }

    @Test func dumbTerminalGetsNoControlSequences() throws {
        let session = try BuiltProgram().session([], ["TERM": "dumb"])
        try session.expect("vptsp> ")
        session.type("print 20 + 1\r")
        try session.expect("21\r\n")
        try session.expect("vptsp> ")
        #expect(!session.raw.contains("\u{1B}"))
    }

    @Test func bracketedPasteIsOneInput() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        #expect(session.raw.contains("\u{1B}[?2004h"))
        session.type("\u{1B}[200~let x = 20\nprint $x + 1\u{1B}[201~\r")
        try session.expect("21\r\n")
    }

    @Test func tabCompletesACommand() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("prox\t")
        try session.expect("proxies ")
        session.type("gru alp\t")
        try session.expect("alpha=")
    }

    @Test func tabCompletesAPathUpToItsQuote() throws {
        let program = try BuiltProgram()
        try FileManager.default.createDirectory(
            at: program.folder.appendingPathComponent("birds/wrens"), withIntermediateDirectories: true)
        let session = try program.session()
        try session.expect("▸ ")
        session.type("data folder path=\"bi\twr\t")
        try session.expect("\"birds/wrens/")
        session.type("\u{3}")
        _ = try program.write("print 1", to: "birds/a.vps")
        try session.expect("▸ ")
        session.type("include \"birds/a\t\r")
        try session.expect("include \"birds/a.vps\"\r\n")
        try session.expect("1\r\n")
    }

    @Test func tabListsSeveral() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("pro\t")
        try session.expect("prompts")
        try session.expect("proxies")
    }

    @Test func questionMarkExplains() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("?proxies.al\t\r")
        try session.expect("proxies.alpha: ")
    }

    @Test func openBraceAsksForMore() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("for i in [3, 4] {\r")
        try session.expect("… ")
        session.type("  print $i * 100\r")
        try session.expect("… ")
        session.type("}\r")
        try session.expect("300\r\n")
        try session.expect("400\r\n")
        // Recalled as one entry.
        session.type("\u{1B}[A\r")
        try session.expect("300\r\n")
        try session.expect("400\r\n")
    }

    @Test func controlCDropsTheLine() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("print \"never\"")
        try session.expect("never")
        session.type("\u{3}")
        try session.expect("▸ ")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
        #expect(session.screen.components(separatedBy: "never").count == 2)
    }

    @Test func controlCDropsAnUnfinishedStatement() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("for i in [1] {\r")
        try session.expect("… ")
        session.type("\u{3}")
        try session.expect("vptsp ▸ ")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
    }

    @Test func controlDInsideAStatementSaysWhatIsMissing() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("for i in [1] {\r")
        try session.expect("… ")
        session.type("\u{4}")
        try session.expect("error[VPS1")
        try session.expect("vptsp ▸ ")
    }

    @Test func historyOutlivesTheSession() throws {
        let program = try BuiltProgram()
        let first = try program.session()
        try first.expect("▸ ")
        first.type("print 1000 + 1\r")
        try first.expect("1001\r\n")
        first.type("quit\r")
        #expect(try first.exitStatus() == 0)
        #expect(try String(contentsOf: program.historyFile, encoding: .utf8) == "print 1000 + 1\nquit\n")

        let second = try program.session()
        try second.expect("▸ ")
        second.type("\u{12}1000")  // Ctrl-R
        try second.expect("1000 + 1")
        second.type("\r")
        try second.expect("1001\r\n")
    }

    @Test func unwritableHistoryIsAWarning() throws {
        let session = try BuiltProgram().session([], ["XDG_STATE_HOME": "/proc/nowhere"])
        try session.expect("▸ ")
        session.type("print 2 + 3\r")
        try session.expect("warning: history: cannot make the folder /proc/nowhere")
        try session.expect("5\r\n")
    }

    @Test func controlCDuringWorkStopsItAndKeepsTheSession() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("for j in 1..1000000 { for i in 1..1000000 { let x = $i } }\r")
        try session.expect("\n")
        usleep(300_000)
        session.type("\u{3}")
        try session.expect("stopping at the next safe point")
        try session.expect("vptsp ▸ ")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
    }

    @Test func windowMayChangeItsSize() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("print 40")
        session.resize(columns: 30)
        session.type(" + 2\r")
        try session.expect("42\r\n")
    }

    @Test func hintsSayWhatMayFollow() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("prompts ")
        try session.expect("prompts ")
        session.type("n=")
        try session.expect("n=")
        session.type("3\u{3}")
        try session.expect("▸ ")
        #expect(session.hints.contains { $0.hasPrefix("[") && $0.contains("[n=10]") }, "\(session.hints)")
        #expect(session.hints.contains { $0.hasPrefix("a whole number from 1") }, "\(session.hints)")
    }

    @Test func noHintsWithoutColor() throws {
        let session = try BuiltProgram().session([], ["NO_COLOR": "1"])
        try session.expect("> ")
        session.type("prompts \u{3}")
        try session.expect("> ")
        #expect(session.hints.isEmpty)
    }

    @Test func timeSaysHowLongAStatementTook() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("time print 40 + 2\r")
        try session.expect("42\r\n")
        try session.expect("took 0.")
        session.type("time for i in [3, 4] {\r")
        try session.expect("… ")
        session.type("print $i * 100 }\r")
        try session.expect("400\r\n")
        try session.expect("took 0.")
    }

    @Test func underscoreIsTheLastResult() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("load vit depth=2 image=16 patch=8 dim=16 heads=2\r")
        try session.expect("random weights")
        session.type("print $_.depth + 40\r")
        try session.expect("42\r\n")
    }

    @Test func twoExclamationMarksRepeatTheLastStatement() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("!!\r")
        try session.expect("error: there is no statement yet to repeat")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
        session.type("!!\r")
        try session.expect("print 6 * 7\r\n")
        try session.expect("42\r\n")
    }

    @Test func exclamationMarkRunsTheShell() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("!echo $((20 + 22)); exit 3\r")
        try session.expect("42\r\n")
        try session.expect("error: exit status 3")
        session.type("!sleep 30\r")
        usleep(300_000)
        session.type("\u{3}")
        try session.expect("ended by signal 2")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
    }

    @Test func historyIsListedAndSearched() throws {
        let session = try BuiltProgram().session()
        try session.expect("▸ ")
        session.type("print 1 + 1\r")
        try session.expect("2\r\n")
        session.type("let x = 3\r")
        try session.expect("▸ ")
        session.type("%history print\r")
        try session.expect("1  print 1 + 1\r\n")
        session.type("%histroy\r")
        try session.expect("error: there is no %histroy; the prompt knows %history")
        #expect(!session.screen.contains("2  let x"))
    }

    @Test func transcriptReplays() throws {
        let program = try BuiltProgram()
        let session = try program.session()
        try session.expect("▸ ")
        session.type("let x = 20\r")
        try session.expect("▸ ")
        session.type("nonsense\r")
        try session.expect("error[VPS")
        session.type("time print $x + 1\r")
        try session.expect("21\r\n")
        session.type("%transcript \"a.vps\"\r")
        try session.expect("a.vps: what succeeded so far")
        #expect(try String(contentsOf: program.folder.appendingPathComponent("a.vps"), encoding: .utf8) == "let x = 20\nprint $x + 1\n")
        #expect(try program.run(["run", "a.vps"]).output == "21\n")
    }

    @Test func longHelpGoesThroughThePager() throws {
        let session = try BuiltProgram().session([], ["PAGER": "sed s/^/paged:/"])
        try session.expect("▸ ")
        session.type("help\r")
        try session.expect("paged:")
        try session.expect("▸ ")
        session.type("print 6 * 7\r")
        try session.expect("42\r\n")
    }

    @Test func aPagerThatIsMissingOrLeftEarlyLosesNothing() throws {
        let session = try BuiltProgram().session([], ["PAGER": "no-such-pager"])
        try session.expect("▸ ")
        session.type("help\r")
        try session.expect("proxies")
        let early = try BuiltProgram().session([], ["PAGER": "true"])
        try early.expect("▸ ")
        early.type("help\r")
        try early.expect("▸ ")
        early.type("print 6 * 7\r")
        try early.expect("42\r\n")
    }
}
