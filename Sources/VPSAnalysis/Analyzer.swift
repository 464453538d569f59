public import CommandCatalog
public import CommandSchema
public import Diagnostics
public import VPSSyntax

/// Checks a whole script before any of it runs, by running it with values that may be unknown.
///
/// Everything is reported in one pass, in source order, and each mistake once: what follows from one is left out.
/// Loops are unrolled while a budget lasts and then gone through once more with unknown values, so that the analysis of
/// any script ends soon.
public struct Analyzer {
    /// Statements, and values in units of their weight, that are gone through before loops and calls are cut short.
    static let budget = 50_000
    /// Turns of one loop.
    static let longestUnrolling = 100

    public private(set) var diagnostics: [Diagnostic] = []
    /// With the files that were included.
    public private(set) var sources: SourceMap

    private let commands: [String: CommandDeclaration]
    private let files: any FileAccess
    private let parameters: [ParameterAssignment]
    private let checker: CommandChecker

    private var facts: ScriptFacts
    private var includes: IncludeReader
    private var reported: Set<Diagnostic.Place> = []
    private var work = 0
    /// Scripts being read, outermost first.
    private var openFiles: [String] = []
    /// `def`s at work.
    private var openCalls: [String] = []
    private var called: Set<String> = []
    private var declaredParameters: [String] = []
    /// False inside a branch that may not be taken.
    private var isCertain = true
    /// True among the statements of a sweep's cell.
    private var isInSweep = false
    /// True where only misspellings are worth a word: the branch is not taken with the values at hand.
    private var isIdle = false

    /// - Parameters:
    ///   - scope: names that exist before the script: at the prompt, those of the session.
    ///   - state: what the session has before the script.
    ///   - parameters: values given for `param`s.
    public init(
        files: any FileAccess, sources: SourceMap, scope: Scope = Scope(), state: SessionState = SessionState(),
        parameters: [ParameterAssignment] = [], commands: [CommandDeclaration] = Catalog.commands
    ) {
        self.files = files
        self.sources = sources
        self.parameters = parameters
        self.commands = Dictionary(commands.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        checker = CommandChecker(files: files)
        facts = ScriptFacts(scope: scope, session: state)
        includes = IncludeReader(files: files)
    }

    /// Checks a script.
    ///
    /// - Parameters:
    ///   - path: where it lies, for its `include`s; empty for text that was typed.
    ///   - isWhole: false when the parser left something out, whose effects are then unknown.
    ///   - warns: whether to warn of what runs but is hardly meant; only for a script of which nothing more comes.
    /// - Returns: what is wrong, in source order.
    public static func check(
        _ script: Script, path: String = "", isWhole: Bool = true, warns: Bool = false, files: any FileAccess,
        sources: inout SourceMap, scope: Scope = Scope(), state: SessionState = SessionState(), parameters: [ParameterAssignment] = [],
        commands: [CommandDeclaration] = Catalog.commands
    ) -> [Diagnostic] {
        var analyzer = Analyzer(
            files: files, sources: sources, scope: scope, state: state, parameters: parameters, commands: commands)
        analyzer.run(script, path: path, isWhole: isWhole)
        if warns, isWhole { analyzer.warn(of: script) }
        sources = analyzer.sources
        return analyzer.diagnostics
    }

    /// The names that hold after a script, and their values as far as they are known before it runs.
    public static func scope(after script: Script, path: String = "", files: any FileAccess) -> Scope {
        var analyzer = Analyzer(files: files, sources: SourceMap())
        analyzer.openFiles = [PathText.standardized(path)]
        analyzer.run(script.statements)
        return analyzer.facts.scope
    }

    /// Checks the statements of a sweep's cell, in which no other sweep may stand.
    public static func checkCell(
        _ script: Script, path: String, files: any FileAccess, sources: inout SourceMap, scope: Scope, state: SessionState,
        parameters: [ParameterAssignment]
    ) -> [Diagnostic] {
        var analyzer = Analyzer(files: files, sources: sources, scope: scope, state: state, parameters: parameters)
        analyzer.isInSweep = true
        analyzer.run(script, path: path, isWhole: true)
        sources = analyzer.sources
        return analyzer.diagnostics
    }

    mutating func run(_ script: Script, path: String, isWhole: Bool) {
        if !isWhole { facts.becomeUnforeseeable() }
        openFiles = [PathText.standardized(path)]
        run(script.statements)
        checkUncalledDefinitions()
        checkParameterNames()
        diagnostics = diagnostics.sortedBySource()
    }

    /// An included script that could not be read may use any name.
    private mutating func warn(of script: Script) {
        guard !facts.scope.mayHaveOthers else { return }
        let warnings = ScriptWarnings(script: script, included: includes.scripts, commands: commands, hasErrors: !diagnostics.isEmpty)
        diagnostics += warnings.all()
        diagnostics = diagnostics.sortedBySource()
    }

    // MARK: Reporting

    /// Each kind of mistake once a place, however often a loop comes by.
    private mutating func report(_ found: [Diagnostic]) {
        for diagnostic in found {
            if isIdle, !Self.misspellings.contains(diagnostic.code) { continue }
            guard reported.insert(Diagnostic.Place(diagnostic)).inserted else { continue }
            diagnostics.append(diagnostic)
        }
    }

    /// What is wrong whatever the values are.
    private static let misspellings: Set<String> = Set(
        [
            AnalysisCode.unknownCommand, .surplusValue, .unknownOption, .optionOfOtherVariant, .givenTwice, .unknownWord,
            .optionWithoutValue, .blockNotTaken, .nothingReturned, .redefinedCommand, .unknownFunction, .wrongArgumentCount,
        ].map(\.rawValue))

    private mutating func evaluate(_ expression: Expression) -> Value {
        var evaluator = Evaluator(scope: facts.scope)
        let value = evaluator.value(of: expression)
        work &+= evaluator.work
        report(evaluator.diagnostics)
        return evaluator.diagnostics.isEmpty ? value : .unknown(.anything)
    }

    private var isExhausted: Bool { work > Self.budget }

    // MARK: Statements

    private mutating func run(_ statements: [Statement]) {
        for statement in statements { run(statement) }
    }

    private mutating func run(_ statement: Statement) {
        work += 1
        switch statement.kind {
        case .version: break
        case .vary:
            report([.misplacedVary(statement, "outside of a sweep", help: "`sweep name { vary a in [1, 2] … }`")])
        case .command(let command): run(command)
        case .let(let definition): facts.scope.set(definition.name.text, to: evaluate(definition.value))
        case .param(let parameter): run(parameter)
        case .if(let branch): run(branch)
        case .for(let loop): run(loop)
        case .def(let definition): define(definition)
        case .include(let include): run(include)
        case .assert(let assertion): run(assertion)
        case .print(let output): _ = evaluate(output.value)
        }
    }

    private mutating func run(_ parameter: ParamStatement) {
        declaredParameters.append(parameter.name.text)
        let given = parameters.last { $0.name == parameter.name.text }
        let check = ParameterCheck(parameter, given: given, scope: facts.scope)
        report(check.diagnostics)
        facts.scope.set(parameter.name.text, to: check.value)
    }

    private mutating func checkParameterNames() {
        for parameter in parameters where !declaredParameters.contains(parameter.name) {
            report([.unknownParameter(parameter.name, declared: declaredParameters, at: parameter.span)])
        }
    }

    private mutating func run(_ assertion: AssertStatement) {
        let condition = condition(assertion.condition, of: "assert")
        let message = assertion.message.map { evaluate($0) }
        guard condition == false, isCertain else { return }
        report([
            Diagnostic(
                code: AnalysisCode.assertionFails.rawValue, "this assertion fails\(message?.string.map { ": \($0)" } ?? "")",
                at: assertion.condition.span)
        ])
    }

    /// Nil when it is not known.
    private mutating func condition(_ expression: Expression, of statement: String) -> Bool? {
        let value = evaluate(expression)
        switch value {
        case .boolean(let isTrue): return isTrue
        case .unknown(.boolean), .unknown(.anything): return nil
        default:
            report([Diagnostic.noCondition(value, of: statement, at: expression.span)])
            return nil
        }
    }

    // MARK: Branches and loops

    private mutating func run(_ statement: IfStatement) {
        var outcome: ScriptFacts?
        var isDecided = false
        let wasCertain = isCertain
        for branch in statement.branches {
            guard !isDecided else {
                checkIdle(branch.body.statements, branch.condition)
                continue
            }
            let holds = condition(branch.condition, of: "if")
            if holds == false {
                checkIdle(branch.body.statements, nil)
                continue
            }
            let before = facts
            if holds == nil { isCertain = false }
            run(branch.body.statements)
            outcome = outcome.map { $0.joined(with: facts) } ?? facts
            facts = before
            isDecided = holds == true
        }
        if isDecided {
            checkIdle(statement.otherwise?.statements ?? [], nil)
        } else {
            run(statement.otherwise?.statements ?? [])
            outcome = outcome.map { $0.joined(with: facts) } ?? facts
        }
        isCertain = wasCertain
        if let outcome { facts = outcome }
    }

    /// A branch that is not taken: misspellings in it are mistakes all the same.
    private mutating func checkIdle(_ statements: [Statement], _ condition: Expression?) {
        guard !isExhausted else { return }
        let (before, wasIdle) = (facts, isIdle)
        isIdle = true
        if let condition { _ = evaluate(condition) }
        run(statements)
        isIdle = wasIdle
        facts = before
    }

    /// With the budget spent no turn is gone through by itself: nested loops would double the work at each level.
    private mutating func run(_ loop: ForStatement) {
        let value = evaluate(loop.sequence)
        let sequence: LoopSequence
        do {
            sequence = try LoopSequence(value, at: loop.sequence.span)
        } catch {
            report([error])
            sequence = .unknown
        }
        let wasCertain = isCertain
        var turns = 0
        if let count = sequence.count {
            while turns < min(count, Self.longestUnrolling), !isExhausted, let element = sequence.element(turns) {
                bind(loop.names, to: element)
                run(loop.body.statements)
                turns += 1
            }
            if count == 0 {
                let before = facts
                bind(loop.names, to: .unknown(.anything))
                checkIdle(loop.body.statements, nil)
                facts = before
            }
            guard turns < count else { return }
        }
        // Once for all the turns that were not gone through.
        isCertain = false
        let before = facts
        bind(loop.names, to: .unknown(.anything))
        run(loop.body.statements)
        facts = before.joined(with: facts)
        isCertain = wasCertain
    }

    private mutating func bind(_ names: [Name], to element: Value) {
        do {
            for (name, value) in zip(names, try LoopSequence.values(of: element, for: names)) {
                facts.scope.set(name.text, to: value)
            }
        } catch {
            report([error])
            for name in names { facts.scope.set(name.text, to: .unknown(.anything)) }
        }
    }

    // MARK: Definitions and calls

    private mutating func define(_ definition: DefStatement) {
        if commands[definition.name.text] != nil {
            report([Diagnostic.redefined(definition.name)])
            return
        }
        facts.scope.define(definition)
    }

    private mutating func call(_ definition: DefStatement, _ command: CommandStatement) {
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
            return
        }
        called.insert(definition.name.text)
        run(body: definition, with: binder.values)
    }

    private mutating func run(body definition: DefStatement, with values: [String: Value]) {
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
    private mutating func checkUncalledDefinitions() {
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

    // MARK: Commands

    private mutating func run(_ command: CommandStatement) {
        if let definition = facts.scope.definitions[command.name.text] { return call(definition, command) }
        guard let declaration = commands[command.name.text] else { return runUnknown(command) }
        let outcome = checker.check(command, as: declaration, scope: facts.scope, state: facts.session)
        work &+= outcome.work
        report(outcome.diagnostics)
        if declaration.takesBlock, let block = command.block { run(sweep: block, outcome.arguments) }
        facts.session.apply(outcome.arguments)
        // A fact that was missing has been reported; the next command shall not repeat it.
        facts.session.facts.formUnion(outcome.missing)
        if let result = command.result, declaration.takesBlock {
            facts.scope.set(result.text, to: .unknown(.list))
        } else if let result = command.result {
            facts.scope.set(result.text, to: declaration.result.isEmpty ? .unknown(.anything) : outcome.arguments.expectedResult)
        }
        if !declaration.result.isEmpty { facts.scope.set(Scope.lastResult, to: outcome.arguments.expectedResult) }
    }

    /// Each cell starts from what holds before the sweep, and nothing that it does holds after it.
    private mutating func run(sweep block: Block, _ arguments: BoundArguments) {
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
        isCertain = wasCertain
        facts = before
    }

    private mutating func runUnknown(_ command: CommandStatement) {
        let names = Array(commands.keys).sorted() + facts.scope.definitions.keys.sorted() + Parser.statementWords
        let guess = closestMatch(to: command.name.text, among: names)
        if guess != nil || !facts.scope.mayHaveOthers {
            report([
                Diagnostic(
                    code: AnalysisCode.unknownCommand.rawValue, "no command is called `\(command.name.text)`", at: command.name.span,
                    label: guess.map { "did you mean `\($0)`?" }, help: ["`help` lists the commands"])
            ])
        }
        if let result = command.result { facts.scope.set(result.text, to: .unknown(.anything)) }
        facts.session = facts.session.joined(with: .unforeseeable)
    }

    // MARK: Includes

    private mutating func run(_ include: IncludeStatement) {
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

extension Diagnostic {
    /// What makes two diagnostics the same mistake.
    fileprivate struct Place: Hashable {
        var code: String
        var span: SourceSpan?
        /// Several arguments or facts may be missing at one command.
        var message: String

        init(_ diagnostic: Diagnostic) {
            code = diagnostic.code
            span = diagnostic.span
            let lacks = [AnalysisCode.missingValue.rawValue, AnalysisCode.missingState.rawValue]
            message = lacks.contains(diagnostic.code) ? diagnostic.message : ""
        }
    }
}
