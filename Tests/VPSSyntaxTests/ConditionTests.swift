import Testing
import VPSSyntax

/// Conditions of filters: expressions in which `=` says `==`.
struct ConditionTests {
    private func condition(_ text: String) -> (kind: Expression.Kind, errors: [String]) {
        let (condition, diagnostics) = Parser.parseCondition(Array(text.utf8), file: 0)
        return (condition.kind, diagnostics.map(\.message))
    }

    @Test func equalsIsAComparison() {
        #expect(condition("method=vptsp-g and recall@1>0.8").errors == [])
        for (one, other) in [
            ("method=vptsp-g and recall@1>0.8", "method == vptsp-g and recall@1 > 0.8"), ("not (a=1 or b=2)", "not (a == 1 or b == 2)"),
            ("optim.lr=1e-3+2", "optim.lr == 1e-3 + 2"),
        ] {
            #expect(condition(one).kind == condition(other).kind, "\(one)")
        }
    }

    @Test func scriptsStillTellThemApart() {
        #expect(!Parser.parse(Array("let a = (b = 1)\n".utf8), file: 0).diagnostics.isEmpty)
        #expect(Parser.parse(Array("let a = (1 == 1)\n".utf8), file: 0).diagnostics.isEmpty)
    }

    @Test func oneConditionAlone() {
        for text in ["", "a=", "=1", "a=b=c", "a b", "a=1; b=2", "a=1 }", "(a=1", "a=\u{0}", "and", "$"] {
            #expect(!condition(text).errors.isEmpty, "\(text)")
        }
    }
}
