internal import CommandCatalog
internal import CommandSchema
internal import Diagnostics
internal import Experiments
internal import VPSAnalysis
internal import VPSSyntax

/// The shortest script that gives a specification: what is a default is left out.
struct SpecificationScript {
    /// As the commands set it, nothing written out that follows from other values.
    let specification: ExperimentSpecification

    var text: String {
        let (own, fresh) = (SpecificationText(specification: specification), SpecificationText(specification: ExperimentSpecification()))
        var lines = ["vps 1"]
        for command in SpecificationText.commands {
            guard let statement = own.statement(command), statement != fresh.statement(command) else { continue }
            lines.append(Self.shortened(statement))
        }
        if let start = specification.startsFrom { lines.append("restore \(quoted(start))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Without the options whose value the command would have anyway.
    private static func shortened(_ statement: String) -> String {
        let script = Parser.parse(Array(statement.utf8), file: 0).script
        guard case .command(var command)? = script.statements.first?.kind, let declaration = Catalog.command(named: command.name.text) else { return statement }
        func value(_ name: String, in command: CommandStatement) -> Value? {
            let binder = ArgumentBinder(command, to: declaration, scope: Scope())
            return binder.diagnostics.isEmpty ? try? binder.arguments.value(name) : nil
        }
        for argument in command.arguments {
            guard let name = argument.name?.text, let full = value(name, in: command) else { continue }
            var shorter = command
            shorter.arguments.removeAll { $0.name?.text == name }
            if value(name, in: shorter) == full { command = shorter }
        }
        return Printer.print(Statement(.command(command), span: command.name.span))
    }
}
