import CommandSchema
import Diagnostics
import VPSSyntax

/// Commands of the catalog, sweeps among them.
extension Analyzer {
    mutating func run(_ command: CommandStatement) {
        if let definition = facts.scope.definitions[command.name.text] { return call(definition, command) }
        guard let declaration = commands[command.name.text] else { return runUnknown(command) }
        let outcome = checker.check(command, as: declaration, scope: facts.scope, state: facts.session)
        work &+= outcome.work
        report(outcome.diagnostics)
        if declaration.takesBlock, let block = command.block { run(sweep: block, outcome.arguments) }
        facts.session.apply(outcome.arguments)
        // A fact that was missing has been reported; the next command shall not repeat it.
        facts.session.facts.formUnion(outcome.missing)
        let expected = declaration.result.isEmpty ? Value.unknown(.anything) : outcome.arguments.expectedResult
        if let result = command.result { facts.scope.set(result.text, to: declaration.takesBlock ? .unknown(.list) : expected) }
        figures?.add(outcome.arguments)
        if !declaration.result.isEmpty { facts.scope.set(Scope.lastResult, to: expected) }
    }

    /// Each cell starts from what holds before the sweep, and nothing that it does holds after it.
    mutating func run(sweep block: Block, _ arguments: BoundArguments) {
        guard !isInSweep else { return report([.nestedSweep(at: arguments.span)]) }
        let space = SweepSpace(block, scope: facts.scope)
        report(space.diagnostics + space.problems(arguments))
        var settings: [SweepSpace.Setting]?
        do {
            settings = (try arguments.choice("by")) == "grid" ? try space.grid(at: arguments.span) : space.samples
        } catch {
            report([error])
        }
        let (before, wasCertain) = (facts, isCertain)
        isInSweep = true
        figures = CellFigures()
        var checked = 0
        for setting in settings ?? [] {
            guard checked < Self.longestUnrolling, !isExhausted else { break }
            facts = before
            for (name, value) in setting { facts.scope.set(name, to: value) }
            run(space.body)
            checked += 1
        }
        if settings == nil || checked < settings?.count ?? 0 {
            facts = before
            isCertain = false
            for name in space.names { facts.scope.set(name, to: .unknown(.anything)) }
            run(space.body)
        }
        isInSweep = false
        if let figures, let unknown = figures.unknownRank(arguments) { report([unknown]) }
        figures = nil
        isCertain = wasCertain
        facts = before
    }

    /// What other programs call it.
    private static let habits = [
        "exit": "quit", "bye": "quit", "logout": "quit", "echo": "print", "fit": "train", "test": "eval", "validate": "eval", "evaluate": "eval",
        "model": "load", "backbone": "load", "dataset": "data", "optimizer": "optim", "criterion": "loss", "history": "%history", "while": "for",
    ]
    private static let shellWords: Set<String> = ["ls", "cd", "pwd", "cat", "mkdir", "rm", "cp", "mv", "clear", "nvidia-smi", "git", "vim", "python"]

    mutating func runUnknown(_ command: CommandStatement) {
        let names = Array(commands.keys).sorted() + facts.scope.definitions.keys.sorted() + Parser.statementWords
        let guess = Self.habits[command.name.text] ?? closestMatch(to: command.name.text, among: names)
        if guess != nil || !facts.scope.mayHaveOthers {
            let shell = Self.shellWords.contains(command.name.text) ? ["at the prompt a line for the shell begins with `!`: `!\(command.name.text)`"] : []
            report([
                Diagnostic(
                    code: AnalysisCode.unknownCommand.rawValue, "no command is called `\(command.name.text)`", at: command.name.span,
                    label: guess.map { "did you mean `\($0)`?" }, help: shell + ["`help` lists the commands"])
            ])
        }
        if let result = command.result { facts.scope.set(result.text, to: .unknown(.anything)) }
        facts.session = facts.session.joined(with: .unforeseeable)
        figures?.mayHaveOthers = true
    }
}
