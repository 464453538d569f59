import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct EvaluatorTests {
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 / 2", "3.5"), ("6 / 2", "3"), ("7 % 4", "3"), ("2 ^ 10", "1024"),
        ("2 ^ -1", "0.5"), ("-2 ^ 2", "-4"), ("1e-3 * 5", "0.005"), ("0.1 + 0.2", "0.30000000000000004"),
        ("9223372036854775807 + 1", "9.223372036854776e18"), ("1 < 2 and not false", "true"), ("1 == 1.0", "true"),
        ("gru == \"gru\"", "true"), ("[1, 2] == [1.0, 2]", "true"), ("[1] != [2]", "true"), ("4GiB / 2", "2GiB"),
        ("30min + 30min", "1h"), ("1h / 30min", "2"), ("90s", "90s"), ("log(1)", "0"), ("sqrt(16)", "4"), ("min(3, 1, 2)", "1"),
        ("max([1, 2.5])", "2.5"), ("mean([1, 2, 6])", "3"), ("std([1, 3])", "1.4142135623730951"), ("len([1, 2])", "2"),
        ("len(1..5)", "5"), ("len(0.1..0.5 by 0.1)", "5"), ("len(\"äb\")", "2"), ("round(2.5)", "3"), ("round(2.345, 2)", "2.35"),
        ("range(3)", "[0, 1, 2]"), ("range(5, 1, -2)", "[5, 3]"), ("\"a{1 + 1}b\"", "a2b"), ("mean(1..3)", "2"),
        ("[1, \"x\", gru]", "[1, \"x\", gru]"), ("(1, 2)", "[1, 2]"), ("1..3", "1..3"), ("true or 1 / 0 > 1", "true"),
        ("min(3.0, 3)", "3"),
    ])
    func computes(_ expression: String, _ expected: String) throws {
        #expect(try value(expression).get().description == expected)
    }

    @Test(arguments: [
        ("1 / 0", "VPS307"), ("5 % 0", "VPS307"), ("log(0)", "VPS307"), ("sqrt(-1)", "VPS307"), ("1e308 * 10", "VPS307"),
        ("1 + gru", "VPS306"), ("\"a\" + \"b\"", "VPS306"), ("1 and true", "VPS306"), ("not 1", "VPS306"), ("1 < \"a\"", "VPS306"),
        ("1 == \"a\"", "VPS306"), ("\"a\" < \"b\"", "VPS306"), ("4GiB + 3s", "VPS306"), ("$missing", "VPS301"), ("lgo(1)", "VPS304"),
        ("log()", "VPS305"), ("std([1])", "VPS305"), ("5..1", "VPS315"), ("1..5 by 0", "VPS315"), ("range(1000000000)", "VPS313"),
        ("\"{\"a\":.3}\"", "VPS314"), ("-\"a\"", "VPS306"), ("$n.x", "VPS303"), ("len(1)", "VPS306"), ("len(0.1..0.5)", "VPS315"),
        ("round(1, 99)", "VPS307"), ("range(1, 5, 0)", "VPS315"), ("range(0.5)", "VPS306"), ("$r.y", "VPS302"),
        ("1..gru", "VPS306"),
    ])
    func refuses(_ expression: String, _ code: String) {
        let names: [String: Value] = ["n": .integer(1), "r": .record(Record([("x", .integer(1))]))]
        guard case .failure(let diagnostic) = value(expression, names) else {
            Issue.record("\(expression) was accepted")
            return
        }
        #expect(diagnostic.code == code)
    }

    @Test func unknownValuesPassThrough() throws {
        let names: [String: Value] = ["u": .unknown(.number), "t": .unknown(.text), "a": .unknown(.anything)]
        #expect(try value("$u * 2 + 1", names).get() == .unknown(.number))
        #expect(try value("$u > 1", names).get() == .unknown(.boolean))
        #expect(try value("false and $a", names).get() == .boolean(false))
        #expect(try value("$a and false", names).get() == .boolean(false))
        #expect(try value("\"x {$u:.3}\"", names).get() == .unknown(.text))
        #expect(try value("$a.b.c", names).get() == .unknown(.anything))
        #expect(try value("mean([1, $u])", names).get() == .unknown(.number))
    }

    @Test func typesOfUnknownValuesAreChecked() {
        for expression in ["$t * 2", "$t and true", "\"{$t:.3}\"", "log($t)", "$t > 1"] {
            guard case .failure = value(expression, ["t": .unknown(.text)]) else {
                Issue.record("\(expression) was accepted")
                continue
            }
        }
    }

    @Test func aForgottenDollarIsNamed() {
        guard case .failure(let diagnostic) = value("batch * 2", ["batch": .integer(64)]) else {
            Issue.record("accepted")
            return
        }
        #expect(diagnostic.help == ["a variable is written `$batch`"])
    }

    @Test func aValueCannotGrowWithoutBound() {
        var text = "let x = \"0123456789\"\n"
        for _ in 0..<40 { text += "let x = \"{$x}{$x}\"\n" }
        #expect(codes(text).first == "VPS313")
        text = "let x = [1]\n"
        for _ in 0..<40 { text += "let x = [$x, $x]\n" }
        #expect(codes(text).first == "VPS313")
    }
}
