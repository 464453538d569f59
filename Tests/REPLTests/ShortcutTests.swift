import REPL
import Testing

struct ShortcutTests {
    @Test func questionMarkIsHelp() {
        #expect(Shortcut("?proxies.alpha") == .statement("help proxies.alpha"))
        #expect(Shortcut("?") == .statement("help "))
        #expect(Shortcut("print \"?\"") == .statement("print \"?\""))
    }

    @Test func timeIsForStatements() {
        #expect(Shortcut("time eval") == .timed("eval"))
        #expect(Shortcut("time ?eval") == .timed("help eval"))
        #expect(Shortcut("timeless 3") == .statement("timeless 3"))
        #expect(Shortcut("time = 3") == .statement("time = 3"))
    }

    @Test func exclamationMarks() {
        #expect(Shortcut(" !! ") == .again)
        #expect(Shortcut("! ls -l ") == .shell("ls -l"))
        #expect(Shortcut("!") == .shell(""))
    }

    @Test func percentWords() {
        #expect(Shortcut("%history") == .history(""))
        #expect(Shortcut("%history proxies gru") == .history("proxies gru"))
        #expect(Shortcut("%transcript \"a b.vps\"") == .transcript("a b.vps"))
        #expect(Shortcut("%transcript a.vps") == .transcript("a.vps"))
        #expect(Shortcut("%histroy") == .unknown("%histroy"))
    }

    @Test func onlyStatementsMayGoOnToAnotherLine() {
        #expect(Shortcut("time for i in [1] {").statements == "for i in [1] {")
        #expect(Shortcut("!echo {").statements == nil)
    }
}
