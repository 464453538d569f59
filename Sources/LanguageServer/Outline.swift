import Diagnostics
import VPSSyntax

/// The shape of a script: symbols, folds, canonical form.
struct Outline {
    let document: Document

    // MARK: Symbols

    func symbols() -> JSON { .array(symbols(of: document.result.script.statements)) }

    private func symbols(of statements: [Statement]) -> [JSON] {
        statements.flatMap { statement -> [JSON] in
            switch statement.kind {
            case .def(let definition):
                let parameters = definition.parameters.map(\.name.text).joined(separator: ", ")
                return [
                    symbol(
                        definition.name, kind: 12, "(\(parameters))", statement,
                        children: symbols(of: definition.body.statements))
                ]
            case .param(let parameter): return [symbol(parameter.name, kind: 14, Printer.print(parameter.defaultValue), statement)]
            case .let(let binding): return [symbol(binding.name, kind: 13, Printer.print(binding.value), statement)]
            case .command(let command):
                let inner = symbols(of: command.block?.statements ?? [])
                return inner + (command.result.map { [symbol($0, kind: 13, command.name.text, statement)] } ?? [])
            default: return statement.blocks.flatMap { symbols(of: $0.statements) }
            }
        }
    }

    private func symbol(_ name: Name, kind: Int, _ detail: String, _ statement: Statement, children: [JSON] = []) -> JSON {
        [
            "name": .string(name.text), "kind": .number(Double(kind)), "detail": .string(String(detail.prefix(80))),
            "range": document.places.range(statement.span), "selectionRange": document.places.range(name.span),
            "children": .array(children),
        ]
    }

    // MARK: Folds

    func folds() -> JSON {
        var found: [JSON] = []
        fold(document.result.script.statements, into: &found)
        let comments = document.result.script.comments.filter { !$0.followsCode }.map { line(of: $0.span.lower) }
        var start = 0
        for index in comments.indices where index + 1 == comments.count || comments[index + 1] != comments[index] + 1 {
            if comments[index] > comments[start] { found.append(Self.fold(comments[start], comments[index], kind: "comment")) }
            start = index + 1
        }
        return .array(found)
    }

    private func fold(_ statements: [Statement], into found: inout [JSON]) {
        for statement in statements {
            let blocks = statement.blocks
            for block in blocks {
                let (first, last) = (line(of: block.span.lower), line(of: max(block.span.lower, block.span.upper - 1)))
                // The line of the closing brace stays visible.
                if last - 1 > first { found.append(Self.fold(first, last - 1, kind: "region")) }
                fold(block.statements, into: &found)
            }
            if blocks.isEmpty {
                let (first, last) = (line(of: statement.span.lower), line(of: max(statement.span.lower, statement.span.upper - 1)))
                if last > first { found.append(Self.fold(first, last, kind: "region")) }
            }
        }
    }

    private static func fold(_ first: Int, _ last: Int, kind: String) -> JSON {
        ["startLine": .number(Double(first)), "endLine": .number(Double(last)), "kind": .string(kind)]
    }

    /// From 0.
    private func line(of offset: Int) -> Int { document.places.file.line(of: offset) - 1 }

    // MARK: Form

    /// Nothing for a text that is no script: its diagnostics say why.
    func formatting() -> JSON {
        guard case .formatted(let text) = Formatter.format(document.text, file: 0), Array(text.utf8) != document.text else { return [] }
        let whole = SourceSpan(file: 0, lower: 0, upper: document.text.count)
        return [["range": document.places.range(whole), "newText": .string(text)]]
    }
}
