import Diagnostics
import VPSSyntax

/// Statements behind a `quit` that is always reached.
struct UnreachableStatements {
    let script: Script

    func warnings() -> [Diagnostic] { warnings(script.statements) }

    private func warnings(_ statements: [Statement]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var end: Statement?
        for statement in statements {
            if let end {
                found.append(
                    .warning(
                        .unreachable, "nothing from here on is reached", at: Self.firstWord(of: statement),
                        notes: [Diagnostic.Note("the script ends here", at: Self.firstWord(of: end))]))
                return found
            }
            for block in statement.inner { found += warnings(block) }
            if Self.ends(statement) { end = statement }
        }
        return found
    }

    private static func ends(_ statement: Statement) -> Bool {
        switch statement.kind {
        case .command(let command): command.name.text == "quit"
        case .if(let branching):
            branching.otherwise.map { otherwise in
                (branching.branches.map(\.body) + [otherwise]).allSatisfy { $0.statements.contains(where: ends) }
            } ?? false
        default: false
        }
    }

    /// A statement may be long; its beginning is enough.
    private static func firstWord(of statement: Statement) -> SourceSpan {
        if case .command(let command) = statement.kind { return command.name.span }
        var length = 0
        switch statement.kind {
        case .if, .vary: length = 2
        case .let, .for, .def, .version: length = 3
        case .param, .print: length = 5
        default: length = 6
        }
        return SourceSpan(file: statement.span.file, lower: statement.span.lower, upper: statement.span.lower + length)
    }
}
