import Testing
import VPSSyntax

struct PrinterTests {
    @Test func writesTheCanonicalForm() {
        let untidy = """
            # first
            vps 1;seed   0
            train   epochs = 5 \\
               lr=(($x)) wd=(1+2) # rest
            if $a{print "x{ 1 +2 :.3}"} else   { # why not
              # inner
            }
            sweep a {vary x,y in [(1,2,),(3,4)]
            +
            vary z in 1 .. 3 } -> t
            # last
            """
        #expect(
            Printer.print(parse(untidy).script) == """
                # first
                vps 1
                seed 0
                train epochs=5 lr=$x wd=(1 + 2)  # rest
                if $a {
                  print "x{1 + 2:.3}"
                } else {  # why not
                  # inner
                }
                sweep a {
                  vary x, y in [(1, 2), (3, 4)]
                  + vary z in 1..3
                } -> t
                # last

                """)
    }

    @Test func keepsTheSpellingOfNumbers() {
        #expect(Printer.print(parse("optim lr=5e-3 n=1_000 m=4GiB").script) == "optim lr=5e-3 n=1_000 m=4GiB\n")
    }

    @Test func writesTreesThatNobodyTyped() {
        let nowhere = Parser.parseValue([], file: 0).value.span
        func number(_ literal: NumberLiteral) -> String { Printer.print(Expression(.number(literal), span: nowhere)) }
        #expect(number(NumberLiteral(value: 3, integer: 3)) == "3")
        #expect(number(NumberLiteral(value: 0.25)) == "0.25")
        #expect(number(NumberLiteral(value: 4, integer: 4, unit: .gibibyte)) == "4GiB")
        #expect(quoted("a\"b{c}\\\n\u{1}") == #""a\"b\{c}\\\n\u{1}""#)
    }

    @Test func isAFixedPoint() {
        let once = Printer.print(parse(sampleScript).script)
        #expect(Printer.print(parse(once).script) == once)
        #expect(parse(once).script.comments.map(\.text) == ["language version", "resolves weights", "three"])
    }
}
