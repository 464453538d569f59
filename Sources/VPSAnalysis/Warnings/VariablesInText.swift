import Diagnostics
import VPSSyntax

/// `"x is $x"`: a name of the script written into a string as other languages have it, where it is only text.
struct VariablesInText {
    let script: Script
    private let names: Set<String>

    init(script: Script, index: NameIndex) {
        self.script = script
        names = Set(index.occurrences.filter { $0.role.isDefinition && $0.role != .definition }.map(\.name))
    }

    func warnings() -> [Diagnostic] { names.isEmpty ? [] : warnings(script.statements) }

    private func warnings(_ statements: [Statement]) -> [Diagnostic] {
        statements.flatMap { statement in statement.expressions.flatMap(warnings) + statement.inner.flatMap(warnings) }
    }

    private func warnings(_ expression: Expression) -> [Diagnostic] {
        var found = expression.kind.children.flatMap(warnings)
        guard case .string(let parts) = expression.kind else { return found }
        for case .text(let text) in parts {
            guard let name = firstName(in: text) else { continue }
            found.append(
                .warning(.variableInText, "`$\(name)` in a string is only text", at: expression.span, help: ["write `{$\(name)}`"]))
            break
        }
        return found
    }

    private func firstName(in text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return nil }
        for piece in text.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
            let name = piece.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if names.contains(String(name)) { return String(name) }
        }
        return nil
    }
}

extension Statement {
    /// Those of the statement itself, without its blocks.
    fileprivate var expressions: [Expression] {
        switch kind {
        case .version, .include: []
        case .command(let command): command.arguments.map(\.value)
        case .let(let binding): [binding.value]
        case .param(let parameter): [parameter.defaultValue] + (parameter.domain.map { [$0] } ?? [])
        case .if(let branching): branching.branches.map(\.condition)
        case .for(let loop): [loop.sequence]
        case .def(let definition): definition.parameters.compactMap(\.defaultValue)
        case .assert(let assertion): [assertion.condition] + (assertion.message.map { [$0] } ?? [])
        case .print(let output): [output.value]
        case .vary(let axis): [axis.domain]
        }
    }
}
