import Diagnostics
import VPSSyntax

/// `def`s, and scripts that are included.
extension Analyzer {
    mutating func define(_ definition: DefStatement) {
        if commands[definition.name.text] != nil {
            report([Diagnostic.redefined(definition.name)])
            return
        }
        report(Diagnostic.namedTwice(definition.parameters.map(\.name)))
        facts.scope.define(definition)
    }

    mutating func call(_ definition: DefStatement, _ command: CommandStatement) {
        let binder = DefinitionBinder(command, to: definition, scope: facts.scope)
        report(binder.diagnostics)
        if let result = command.result { facts.scope.set(result.text, to: .unknown(.anything)) }
        if let block = command.block { report([Diagnostic.noBlock(command.name, block)]) }
        guard !openCalls.contains(definition.name.text) else {
            report([Diagnostic.recursion(command.name)])
            return
        }
        guard !isExhausted else {
            facts.becomeUnforeseeable()
            figures?.mayHaveOthers = true
            return
        }
        called.insert(definition.name.text)
        run(body: definition, with: binder.values)
    }

    mutating func run(body definition: DefStatement, with values: [String: Value]) {
        let outer = facts.scope
        facts.scope = outer.entering(with: values)
        openCalls.append(definition.name.text)
        run(definition.body.statements)
        openCalls.removeLast()
        let mayHaveOthers = facts.scope.mayHaveOthers
        facts.scope = outer
        facts.scope.mayHaveOthers = outer.mayHaveOthers || mayHaveOthers
    }

    /// Bodies that nothing called, with unknown arguments in a session that has everything.
    mutating func checkUncalledDefinitions() {
        let before = facts
        isCertain = false
        for definition in facts.scope.definitions.values.sorted(by: { $0.name.text < $1.name.text })
        where !called.contains(definition.name.text) {
            facts.session = .unforeseeable
            var values: [String: Value] = [:]
            for parameter in definition.parameters { values[parameter.name.text] = .unknown(.anything) }
            run(body: definition, with: values)
        }
        facts = before
    }

    mutating func run(_ include: IncludeStatement) {
        let path = PathText.standardized(
            PathText.resolved(include.path.text, in: PathText.folder(of: openFiles.last ?? "")))
        if openFiles.contains(path) {
            report([
                Diagnostic(
                    code: AnalysisCode.includeCycle.rawValue, "\(quoted(include.path.text)) includes itself", at: include.path.span,
                    help: ["the way there: \((openFiles + [path]).map { $0.isEmpty ? "input" : $0 }.joined(separator: " -> "))"])
            ])
            return
        }
        guard !isExhausted else { return facts.becomeUnforeseeable() }
        do {
            var found: [Diagnostic] = []
            let included = try includes.read(path, sources: &sources) { found = $0 }
            report(found)
            if included.hasErrors { facts.becomeUnforeseeable() }
            openFiles.append(path)
            run(included.script.statements)
            openFiles.removeLast()
        } catch {
            report([Diagnostic.unreadableInclude(include, path: path, files: files)])
            facts.becomeUnforeseeable()
        }
    }
}
