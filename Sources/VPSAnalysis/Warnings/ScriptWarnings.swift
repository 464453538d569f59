import CommandSchema
import Diagnostics
import VPSSyntax

/// What a script may say and hardly means: it runs all the same. Only for whole scripts: at the prompt nobody knows what
/// comes next.
struct ScriptWarnings {
    let script: Script
    /// What it includes, by way of others too: names may be used there.
    let included: [Script]
    let commands: [String: CommandDeclaration]
    /// Variables in it that are unknown: a name may be unused because a use of it is misspelt.
    let misspelt: [String]

    func all() -> [Diagnostic] {
        let index = NameIndex(script)
        let others = included.map(NameIndex.init)
        let uses = NameUses(indices: [index] + others, misspelt: misspelt)
        return UnusedNames(index: index, uses: uses).warnings() + IdenticalCells(script: script, index: index, uses: uses).warnings()
            + HiddenNames(index: index).warnings() + UnreachableStatements(script: script).warnings() + OverriddenValues(script: script, commands: commands).warnings()
            + VariablesInText(script: script, index: index).warnings()
    }
}

extension Diagnostic {
    static func warning(
        _ code: AnalysisCode, _ message: String, at span: SourceSpan, label: String? = nil, help: [String] = [], notes: [Note] = []
    ) -> Diagnostic {
        Diagnostic(.warning, code: code.rawValue, message, at: span, label: label, help: help, notes: notes)
    }
}

extension Statement {
    /// The statements directly inside its blocks, block by block.
    var inner: [[Statement]] {
        switch kind {
        case .command(let command): command.block.map { [$0.statements] } ?? []
        case .if(let branching): branching.branches.map(\.body.statements) + (branching.otherwise.map { [$0.statements] } ?? [])
        case .for(let loop): [loop.body.statements]
        case .def(let definition): [definition.body.statements]
        default: []
        }
    }
}
