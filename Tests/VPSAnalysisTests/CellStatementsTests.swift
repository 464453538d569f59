import Testing
import VPSAnalysis
import VPSSyntax

@Suite struct CellStatementsTests {
    private func statements(
        _ body: String, _ values: [(String, Value)] = [], outer: String = "", seed: @escaping (Int) -> Int = { $0 }
    ) throws -> CellStatements {
        var scope = Scope()
        for statement in Parser.parse(Array(outer.utf8), file: 0).script.statements {
            if case .let(let binding) = statement.kind { scope.set(binding.name.text, to: try Evaluator.value(of: binding.value, in: scope)) }
            if case .def(let definition) = statement.kind { scope.define(definition) }
        }
        let script = Parser.parse(Array(body.utf8), file: 0).script
        return try CellStatements(script.statements, setting: values.map { (name: $0.0, value: $0.1) }, scope: scope, seed: seed) { include in
            Parser.parse(Array("let from-file = 3\nprint \"\(include.path.text)\"\n".utf8), file: 1).script.statements
        }
    }

    @Test func valuesStandInThePlaceOfNames() throws {
        let cell = try statements("proxies gru alpha=$alpha\noptim sgd lr=($rate * 2)\n", [("alpha", .number(0.5))], outer: "let rate = 1e-3")
        #expect(cell.text == "proxies gru alpha=0.5\noptim sgd lr=0.002\n")
    }

    @Test func cellsThatDoTheSameHaveTheSameText() throws {
        let varied = try statements("let rate = 2 * $r\noptim sgd lr=$rate\nprint \"one\"\n", [("r", .number(0.5))])
        let plain = try statements("optim sgd lr=1\n")
        #expect(varied.essence == plain.essence.replacing("lr=1", with: "lr=1.0"))
        #expect(varied.text.contains("print"))
    }

    @Test func knownBranchesAreTaken() throws {
        let body = "if $n > 3 { print 1 } else if $n == 3 { print 2 } else { print 3 }\n"
        #expect(try statements(body, [("n", .integer(3))]).text == "print 2\n")
        #expect(try statements(body, [("n", .integer(1))]).text == "print 3\n")
        let open = try statements("train epochs=1 -> fit\nif $fit.loss > $n { print 1 }\n", [("n", .integer(3))])
        #expect(open.text == "train epochs=1 -> fit\nif $fit.loss > 3 {\n  print 1\n}\n")
    }

    @Test func namesThatChangeInALoopStayNames() throws {
        let cell = try statements("for i in [1, 2] { let sum = $sum + $i }\nprint $sum + $n\n", [("n", .integer(4))], outer: "let sum = 7")
        #expect(cell.text == "let sum = 7\nfor i in [1, 2] {\n  let sum = $sum + $i\n}\nprint $sum + 4\n")
    }

    @Test func definitionsAndIncludesComeAlong() throws {
        let cell = try statements("include \"a.vps\"\ngo 2\n", [("n", .integer(4))], outer: "def go(k) { rest $k n=$n }\ndef rest(k, n) { print $k }\ndef unused() { print 1 }")
        #expect(cell.text == "let n = 4\ndef go(k) {\n  rest $k n=$n\n}\ndef rest(k, n) {\n  print $k\n}\nprint \"a.vps\"\ngo 2\n")
    }

    @Test func seedsAreChanged() throws {
        #expect(try statements("seed 4\nseed $s\n", [("s", .integer(7))]) { $0 + 100 }.text == "seed 104\nseed 107\n")
    }

    @Test func recordsCannotBeTakenAlong() throws {
        var scope = Scope()
        scope.set("fit", to: .record(Record([("loss", .number(2))])))
        func cell(_ text: String) throws -> String {
            try CellStatements(Parser.parse(Array(text.utf8), file: 0).script.statements, setting: [], scope: scope, seed: { $0 }, included: { _ in [] }).text
        }
        #expect(try cell("print $fit.loss\n") == "print 2.0\n")
        #expect(throws: (any Error).self) { try cell("let copy = $fit\nfor i in [1, 2] { print $copy.loss }\nlet copy = $i\nfor j in [1] { let copy = $fit }\nprint $copy") }
    }
}
