import Interpreter
import Testing

struct StatementTests {
    @Test(arguments: [
        ("let x = 2 + 3 * 4\nprint $x", "14\n"),
        ("let a = 0.81234\nprint \"R@1 {$a:.3} {$a:.1%} {12:>5}|\"", "R@1 0.812 81.2%    12|\n"),
        ("for s in 0..2 { print $s }", "0\n1\n2\n"),
        ("for a, b in [(1, x), (2, y)] { print \"{$a}{$b}\" }", "1x\n2y\n"),
        ("for r in 0.1..0.3 by 0.1 { print \"{$r:.1}\" }", "0.1\n0.2\n0.3\n"),
        ("if 1 > 2 { print a } else if 2 > 1 { print b } else { print c }", "b\n"),
        ("if false { print a }\nprint z", "z\n"),
        ("def show-two(a, b=1) { print \"{$a} {$b}\" }\nshow-two 5\nshow-two 5 b=2\nshow-two b=3 a=4", "5 1\n5 2\n4 3\n"),
        ("def outer(a) { inner $a }\ndef inner(b) { print ($b * 2) }\nouter 4", "8\n"),
        ("let x = 1\ndef local(y) { let x = $y\n print $x }\nlocal 7\nprint $x", "7\n1\n"),
        ("assert 1 < 2 \"fine\"\nprint \"on\"", "on\n"),
        ("param a = 0.5 in 0..1\nprint $a", "0.5\n"),
        ("print \"a\"\nquit\nprint \"b\"", "a\n"),
    ])
    func runs(_ script: String, _ expected: String) {
        let test = TestSession()
        #expect(test.printed(script) == expected)
        #expect(test.output.errors == "")
    }

    @Test func keepsNamesAndDefinitionsBetweenInputs() {
        let test = TestSession()
        #expect(test.session.execute("let x = 3") == .succeeded)
        #expect(test.session.execute("def double(a) { print ($a * 2) }") == .succeeded)
        #expect(test.printed("double $x") == "6\n")
        #expect(test.session.transcript == "let x = 3\ndef double(a) { print ($a * 2) }\ndouble $x\n")
    }

    @Test func runsNothingOfARejectedInput() {
        let test = TestSession()
        #expect(test.session.execute("print \"a\"\nprint $unknown") == .rejected)
        #expect(test.output.text == "")
        #expect(test.output.errors.contains("VPS301"))
        #expect(test.session.execute("print (1") == .rejected)
        #expect(test.session.transcript == "")
        #expect(test.printed("print \"still here\"") == "still here\n")
    }

    @Test func saysWhichFiguresAnAssertionFailedOn() {
        let test = TestSession()
        _ = test.session.execute("param x = 0.7")
        #expect(test.session.execute("print \"before\"\nassert $x > 0.8 \"worse than {0.8}\"\nprint \"after\"") != .succeeded)
        #expect(
            test.output.errors.contains("""
                error[VPS506]: worse than 0.8
                  --> <input>:2:8
                   |
                 2 | assert $x > 0.8 "worse than {0.8}"
                   |        ^^^^^^^^
                   = help: $x is 0.7
                """) || test.output.errors.contains("VPS316"))
        #expect(test.session.transcript == "param x = 0.7\n")
    }

    @Test func stopsBetweenStatements() {
        var asked = 0
        let test = TestSession(shouldStop: {
            asked += 1
            return asked > 4
        })
        #expect(test.session.execute("for i in 1..1000000 { print $i }") == .interrupted)
        #expect(test.output.text.count < 20)
    }

    @Test func endsWithQuit() {
        let test = TestSession()
        #expect(test.session.execute("quit") == .succeeded)
        #expect(test.session.isFinished)
    }

    @Test func knowsWhenMoreMustCome() {
        #expect(Session.needsMoreInput("for i in 1..2 {"))
        #expect(!Session.needsMoreInput("for i in 1..2 { }"))
        #expect(!Session.needsMoreInput("let x ="))
    }
}
