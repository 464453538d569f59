import Diagnostics
import VPSSyntax

/// Axes of a sweep that make cells which are all the same: a value given twice, a name that nothing uses.
struct IdenticalCells {
    let script: Script
    let index: NameIndex
    let uses: NameUses

    func warnings() -> [Diagnostic] { warnings(script.statements, isSweep: false) }

    private func warnings(_ statements: [Statement], isSweep: Bool) -> [Diagnostic] {
        statements.flatMap { statement -> [Diagnostic] in
            if case .vary(let axis) = statement.kind { return isSweep ? unused(axis) + repeated(axis.domain) : [] }
            var isSweep = false
            if case .command = statement.kind { isSweep = true }
            return statement.inner.flatMap { warnings($0, isSweep: isSweep) }
        }
    }

    private func unused(_ axis: VaryStatement) -> [Diagnostic] {
        axis.names.compactMap { name in
            let isUsed = index.occurrence(at: name.span).map(uses.contain) ?? true
            return isUsed ? nil : .warning(
                .identicalCells, "`\(name.text)` is varied, but nothing uses it", at: name.span, label: "its cells are all the same",
                help: ["write `$\(name.text)` where its value belongs"])
        }
    }

    private func repeated(_ domain: Expression) -> [Diagnostic] {
        guard case .list(let elements) = domain.kind else { return [] }
        var seen: [Expression: Expression] = [:]
        return elements.compactMap { element in
            guard let first = seen[element] else {
                seen[element] = element
                return nil
            }
            return .warning(
                .identicalCells, "\(Printer.print(element)) stands twice in this axis", at: element.span,
                label: "its cells would be the same", notes: [Diagnostic.Note("first here", at: first.span)])
        }
    }
}
