internal import CommandCatalog
internal import CommandSchema
internal import Diagnostics
internal import Experiments
internal import VPSAnalysis
internal import VPSSyntax

/// Runs the statements of a script that was checked. What the check could not know is checked again on the way.
struct Executor {
    /// Calls and includes inside each other. Analysis refuses cycles; a file may have changed since.
    private static let deepest = 100

    let session: Session
    private var level = 0

    init(session: Session) {
        self.session = session
    }

    func run(_ statements: [Statement]) throws {
        for statement in statements {
            if session.shouldStop() { throw Interrupted() }
            try run(statement)
        }
    }

    private func run(_ statement: Statement) throws {
        if let dryRun = session.dryRun, isLeftOut(statement, dryRun) { return }
        switch statement.kind {
        case .version: break
        case .vary:
            throw Failure(.misplacedVary(statement, "outside of a sweep", help: "`sweep name { vary a in [1, 2] … }`"))
        case .command(let command): try run(command)
        case .let(let binding): session.scope.set(binding.name.text, to: try value(of: binding.value))
        case .param(let parameter): try run(parameter)
        case .if(let branching): try run(branching)
        case .for(let loop): try run(loop)
        case .def(let definition): session.scope.define(definition)
        case .include(let include): try run(include)
        case .assert(let assertion): try run(assertion)
        case .print(let statement): session.output.write("\(try value(of: statement.value))\n")
        }
    }

    // MARK: Values

    private func value(of expression: Expression) throws -> Value {
        var evaluator = Evaluator(scope: session.scope)
        let value = evaluator.value(of: expression)
        guard evaluator.diagnostics.isEmpty else { throw Failure(evaluator.diagnostics) }
        return value
    }

    private func condition(_ expression: Expression, of statement: String) throws -> Bool {
        let value = try value(of: expression)
        guard case .boolean(let isTrue) = value else {
            throw Failure(Diagnostic.noCondition(value, of: statement, at: expression.span))
        }
        return isTrue
    }

    /// In a dry run nothing is said, and nobody knows what commands will have found.
    private func isLeftOut(_ statement: Statement, _ dryRun: DryRun) -> Bool {
        func isKnown(_ expression: Expression) -> Bool { (try? value(of: expression))?.isKnown ?? false }
        switch statement.kind {
        case .print, .assert: return true
        case .if(let branching) where !branching.branches.allSatisfy({ isKnown($0.condition) }):
            dryRun.skip("if", at: statement.span, in: session)
            return true
        case .for(let loop) where !isKnown(loop.sequence):
            dryRun.skip("for", at: statement.span, in: session)
            return true
        default: return false
        }
    }

    // MARK: Forms

    private func run(_ parameter: ParamStatement) throws {
        let given = session.parameters.last { $0.name == parameter.name.text }
        let check = ParameterCheck(parameter, given: given, scope: session.scope)
        guard check.diagnostics.isEmpty else { throw Failure(check.diagnostics) }
        session.scope.set(parameter.name.text, to: check.value)
    }

    private func run(_ branching: IfStatement) throws {
        for branch in branching.branches where try condition(branch.condition, of: "if") {
            return try run(branch.body.statements)
        }
        if let otherwise = branching.otherwise { try run(otherwise.statements) }
    }

    private func run(_ loop: ForStatement) throws {
        let sequence = try LoopSequence(value(of: loop.sequence), at: loop.sequence.span)
        var turn = 0
        while let element = sequence.element(turn) {
            if session.shouldStop() { throw Interrupted() }
            let values = try LoopSequence.values(of: element, for: loop.names)
            for (name, value) in zip(loop.names, values) { session.scope.set(name.text, to: value) }
            try run(loop.body.statements)
            turn += 1
        }
    }

    private func run(_ assertion: AssertStatement) throws {
        guard try !condition(assertion.condition, of: "assert") else { return }
        let message = try assertion.message.map { try value(of: $0).description }
        throw Failure(
            Diagnostic(
                code: RuntimeCode.assertionFailed.rawValue, message ?? "the assertion does not hold",
                at: assertion.condition.span, help: figures(in: assertion.condition)))
    }

    /// `$result.recall@1 is 0.712`, for each variable of an expression.
    private func figures(in expression: Expression) -> [String] {
        if case .variable = expression.kind, let value = try? value(of: expression) {
            return ["\(Printer.print(expression)) is \(value.literal)"]
        }
        return expression.kind.children.flatMap(figures)
    }

    private func run(_ include: IncludeStatement) throws {
        try deeper(at: include.path.span).run(statements(of: include))
    }

    /// What the file holds now.
    func statements(of include: IncludeStatement) throws -> [Statement] {
        let span = include.path.span
        let folder = PathText.folder(of: session.sources[span.file]?.name ?? "")
        let path = PathText.resolved(include.path.text, in: folder)
        let bytes: [UInt8]
        do {
            bytes = try session.files.contents(of: path)
        } catch {
            throw Failure(Diagnostic.unreadableInclude(include, path: path, files: session.files))
        }
        // Analysis has read the file before; read again, it may have changed.
        let result = Parser.parse(bytes, file: session.sources.add(name: path, text: bytes))
        guard result.diagnostics.isEmpty else { throw Failure(result.diagnostics) }
        return result.script.statements
    }

    private func deeper(at span: SourceSpan) throws -> Executor {
        guard level < Self.deepest else {
            throw Failure(
                Diagnostic(
                    code: AnalysisCode.recursion.rawValue, "calls and includes are nested more than \(Self.deepest) deep", at: span))
        }
        var inner = self
        inner.level += 1
        return inner
    }

    // MARK: Commands

    private func run(_ command: CommandStatement) throws {
        if let definition = session.scope.definitions[command.name.text] {
            try call(definition, by: command)
        } else if let declaration = Catalog.command(named: command.name.text) {
            try run(command, as: declaration)
        } else {
            throw Failure(
                Diagnostic(
                    code: AnalysisCode.unknownCommand.rawValue, "no command is called `\(command.name.text)`",
                    at: command.name.span))
        }
    }

    private func call(_ definition: DefStatement, by command: CommandStatement) throws {
        let binder = DefinitionBinder(command, to: definition, scope: session.scope)
        guard binder.diagnostics.isEmpty else { throw Failure(binder.diagnostics) }
        let outer = session.scope
        session.scope = outer.entering(with: binder.values)
        defer { session.scope = outer }
        try deeper(at: command.name.span).run(definition.body.statements)
    }

    private func run(_ command: CommandStatement, as declaration: CommandDeclaration) throws {
        let outcome = CommandChecker(files: session.files)
            .check(command, as: declaration, scope: session.scope, state: session.state)
        guard outcome.diagnostics.isEmpty else { throw Failure(outcome.diagnostics) }
        guard let handler = CommandHandlers.handler(named: declaration.name) else {
            throw Failure(
                Diagnostic(
                    code: RuntimeCode.noHandler.rawValue, "`\(declaration.name)` cannot be carried out yet",
                    at: command.name.span))
        }
        let result: Value?
        do {
            if let dryRun = session.dryRun, !declaration.isSetting, declaration.name != QuitHandler.name {
                result = try dryRun.result(of: outcome.arguments, in: session)
            } else {
                result = try session.carryOut(outcome.arguments, by: handler)
            }
        } catch {
            throw located(error, at: command.name.span)
        }
        session.cell?.receive(result, of: declaration)
        session.state.apply(outcome.arguments)
        if let name = command.result { session.scope.set(name.text, to: result ?? .record(Record())) }
        if let result { session.scope.set(Scope.lastResult, to: result) }
        if session.isFinished { throw Finished() }
    }

    /// Errors of the engine know nothing of scripts: they get the command's place.
    private func located(_ error: any Error, at span: SourceSpan) -> any Error {
        switch error {
        case is Interrupted, is Finished, is Failure: return error
        case let diagnostic as Diagnostic: return Failure(diagnostic)
        case let error as ExperimentError:
            return Failure(Diagnostic(code: RuntimeCode(error.kind).rawValue, error.message, at: span, help: error.help))
        default:
            return Failure(Diagnostic(code: RuntimeCode.failed.rawValue, "\(error)", at: span))
        }
    }
}

extension RuntimeCode {
    init(_ kind: ExperimentError.Kind) {
        switch kind {
        case .specification: self = .impossible
        case .state: self = .missingStep
        case .input: self = .badInput
        case .running: self = .failed
        }
    }
}
