import Testing
import VPSSyntax

struct TreeTests {
    /// The expression with every operator in parentheses.
    private func grouped(_ text: String) -> String {
        guard case .let(let statement)? = parse("let x = \(text)").script.statements.first?.kind else { return "?" }
        return grouped(statement.value)
    }

    private func grouped(_ expression: Expression) -> String {
        switch expression.kind {
        case .binary(let binary, let left, let right): "(\(grouped(left)) \(binary.rawValue) \(grouped(right)))"
        case .unary(let unary, let operand): "(\(unary.rawValue) \(grouped(operand)))"
        case .range(let from, let through, let step):
            "(\(grouped(from)) .. \(grouped(through))" + (step.map { " by \(grouped($0))" } ?? "") + ")"
        default: Printer.print(expression)
        }
    }

    @Test(arguments: [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"),
        ("-2 ^ 2", "(- (2 ^ 2))"),
        ("2 ^ -3", "(2 ^ (- 3))"),
        ("-$x * 3", "((- $x) * 3)"),
        ("not $a and $b or $c", "(((not $a) and $b) or $c)"),
        ("not $a == $b", "(not ($a == $b))"),
        ("$a or $b and $c", "($a or ($b and $c))"),
        ("1..$n + 1 by 2", "(1 .. ($n + 1) by 2)"),
        ("$x == 1..2", "($x == (1 .. 2))"),
        ("$x-1", "($x - 1)"),
        ("3-1", "(3 - 1)"),
        ("$x-$y", "($x - $y)"),
        ("$r.recall@1-$x", "($r.recall@1 - $x)"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("1 % 2 / 3", "((1 % 2) / 3)"),
        ("a-b", "a-b"),
        ("$proxy-lr", "$proxy-lr"),
    ])
    func groupsOperators(_ text: String, _ expected: String) {
        #expect(grouped(text) == expected)
        #expect(rendered("let x = \(text)") == "")
    }

    @Test func takesACommandApart() throws {
        let statement = try #require(parse("train 3 epochs=15 map lr=(1 + 2) -1 1..5 by 2 -> fit").script.statements.first)
        guard case .command(let command) = statement.kind else { return #expect(Bool(false)) }
        #expect(command.name.text == "train")
        #expect(command.arguments.map { $0.name?.text } == [nil, "epochs", nil, "lr", nil, nil])
        #expect(
            command.arguments.map { Printer.print($0.value) } == ["3", "15", "map", "1 + 2", "-1", "1..5 by 2"])
        #expect(command.result?.text == "fit")
        #expect(command.arguments[1].span.lower == 8 && command.arguments[1].span.upper == 17)
        #expect(command.arguments[3].value.span.lower == 25 && command.arguments[3].value.span.upper == 32)
        #expect(statement.span.lower == 0 && statement.span.upper == 52)
    }

    @Test func readsNumbers() {
        func number(_ text: String) -> NumberLiteral? {
            guard case .let(let statement)? = parse("let x = \(text)").script.statements.first?.kind,
                case .number(let literal) = statement.value.kind
            else { return nil }
            return literal
        }
        #expect(number("12")?.integer == 12)
        #expect(number("1_000")?.integer == 1_000)
        #expect(number("5e-3")?.value == 0.005)
        #expect(number("5e-3")?.integer == nil)
        #expect(number("4GiB")?.unit == .gibibyte)
        #expect(number("4GiB").map { $0.value * ($0.unit?.factor ?? 0) } == 4_294_967_296)
        #expect(number("1.5h").map { $0.value * ($0.unit?.factor ?? 0) } == 5_400)
        #expect(number("9223372036854775807")?.integer == Int.max)
    }

    @Test func readsStrings() {
        func parts(_ text: String) -> [StringPart] {
            guard case .print(let statement)? = parse("print \(text)").script.statements.first?.kind,
                case .string(let parts) = statement.value.kind
            else { return [] }
            return parts
        }
        #expect(parts(#""a\n\"\\\{\}\u{1F600}é""#) == [.text("a\n\"\\{}😀é")])
        #expect(parts("\"\"") == [])
        #expect(parts("\"one\r\ntwo\"") == [.text("one\ntwo")])
        #expect(parts("\"one \\\ntwo\"") == [.text("one two")])
        let both = parts(#""R {$r.recall@1:>8.3%}""#)
        #expect(both.count == 2)
        guard case .interpolation(let value, let format)? = both.last else { return #expect(Bool(false)) }
        #expect(Printer.print(value) == "$r.recall@1")
        #expect(format == ValueFormat(alignment: .right, width: 8, digits: 3, style: .percent))
        #expect(value.span.lower == 10 && value.span.upper == 21)
        #expect(Printer.print(parse(#"print "a{"b{$x + 1:.2}" == c}d""#).script) == "print \"a{\"b{$x + 1:.2}\" == c}d\"\n")
    }

    @Test func equalityIgnoresPlaceSpellingAndComments() {
        #expect(parse("let x=1_000 # one").script == parse("\n  let   x = ( 1000 )").script)
        #expect(parse("let x = 1").script != parse("let x = 2").script)
        #expect(parse("let x = 1").script != parse("let x = 1.0").script)
        #expect(parse("a b=1").script != parse("a b").script)
    }

    @Test func knowsBareWords() {
        for word in ["vit-s16", "recall@1", "proxies.alpha", "a", "let"] { #expect(Parser.isBareWord(word)) }
        for word in ["", "a b", "and", "true", "3d", "-a", "a-", "a/b", "é", "a#b"] { #expect(!Parser.isBareWord(word)) }
        #expect(Parser.isName("proxy-lr") && !Parser.isName("x-1") && !Parser.isName("a.b") && !Parser.isName(""))
    }

    @Test func readsALoneValue() {
        func value(_ text: String) -> String? {
            let result = Parser.parseValue(Array(text.utf8), file: 0)
            return result.diagnostics.isEmpty ? Printer.print(result.value) : nil
        }
        #expect(value("0.2") == "0.2")
        #expect(value("-3") == "-3")
        #expect(value("[1, 2]") == "[1, 2]")
        #expect(value("vit-s16") == "vit-s16")
        #expect(value("1..3") == "1..3")
        for text in ["", "a b", "1 +", "~/x", "a; b", "(1", "\"x"] { #expect(value(text) == nil) }
    }
}
