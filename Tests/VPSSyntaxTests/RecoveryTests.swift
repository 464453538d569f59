import Testing
import VPSSyntax

struct RecoveryTests {
    @Test func reportsTenErrorsOfAFileOnceEach() {
        let text = """
            vps 1
            let x =
            param 3 = 4
            load vit-s16 size=4GB2
            data glyphs path=~/data
            train epochs=5 lr=$x * 2 batch=64
            print "unfinished {$x"
            for i [1, 2] { print $i }
            if $x > 1
            eval recall=[1 2, 4] map
            optim sgd lr= momentum=0.9
            let y = (1 + 2
            seed 0
            """
        #expect(codes(text) == ["2:110", "3:110", "4:109", "5:103", "6:114", "7:106", "8:110", "9:110", "10:110", "11:110", "12:111"])
    }

    @Test func goesOnAfterEachError() {
        let result = parse("let = 1\nlet y = )\ntrain lr=(1 2) epochs=5\nfor x in ] { print \"a }\nseed 0\n}\nseed 1")
        let printed = Printer.print(result.script)
        #expect(printed.contains("let y = ?"))
        #expect(printed.contains("train lr=? epochs=5"))
        #expect(printed.contains("seed 0"))
        #expect(printed.contains("seed 1"))
        #expect(result.diagnostics.count == 5)
    }

    @Test func saysWhetherStatementsAreLost() {
        for text in ["let x = )", "train lr=(1 2) )", "a \"b", "if ) { a }", "print 3 4"] { #expect(parse(text).isWhole) }
        for text in ["let = 1", ") a", "for x { a }", "\u{0}"] { #expect(!parse(text).isWhole) }
    }

    @Test(arguments: [
        // A bracket that is never closed does not swallow the lines after it.
        ("let x = [1, 2\nlet y = 3\nlet z = $\n", ["1:111", "3:103"]),
        ("foo (1,\nbar baz\nlet = 3", ["1:111", "3:110"]),
        ("for a in [1] {\n  foo (1, 2\n}\nlet = 3", ["2:111", "4:110"]),
        // Nor does a quote.
        ("print \"abc\nlet x = 1\nprint \"def\"\nlet = 2", ["1:104", "4:110"]),
        ("print \"abc\nlet x = 1\nlet = 2", ["1:104", "3:110"]),
        ("load (\"a.st)\nlet = 2", ["1:104", "2:110"]),
        // Closing brackets too many.
        ("a )\nb ]\n}\nlet = 2", ["1:112", "2:112", "3:112", "4:110"]),
        ("foo [1, 2)]\nfoo (1]\nlet = 2", ["1:110", "2:111", "3:110"]),
        // Several in one statement.
        ("train lr=# 3\ntrain a=~ b=[1 2] c=4 ^ 2 d=(", ["1:110", "2:103", "2:110", "2:114", "2:111"]),
        // Inside blocks, and after them.
        ("if { let = 1\n let y 2 } else { print }\nlet = 2", ["1:110", "1:110", "2:110", "2:110", "3:110"]),
        ("def f(a b) { let = 1 }\nlet = 2", ["1:110", "2:110"]),
        ("else { a }\n-> x\nlet = 2", ["1:117", "2:110", "3:110"]),
        ("for x in 1..3\n{ a\n}", ["1:110", "2:110"]),
        // In strings.
        ("print \"\\q {} {1 +} {$x:zz} {$x\nlet = 2", ["1:105", "1:106", "1:120", "1:107", "1:106", "2:110"]),
    ])
    func reportsWithoutCascades(_ text: String, _ expected: [String]) {
        #expect(codes(text).sorted() == expected.sorted(), "\(rendered(text))")
    }
}
