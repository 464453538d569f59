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
    /// What is found after so many is not kept; far fewer are shown.
    static let mostProblems = 100_000

    public private(set) var diagnostics: [Diagnostic] = []
    /// With the files that were included.
    public internal(set) var sources: SourceMap

    let commands: [String: CommandDeclaration]
    let files: any FileAccess
    let parameters: [ParameterAssignment]
    let checker: CommandChecker

    var facts: ScriptFacts
    var includes: IncludeReader
    private var reported: Set<Diagnostic.Place> = []
    var work = 0
    /// Scripts being read, outermost first.
    var openFiles: [String] = []
    /// `def`s at work.
    var openCalls: [String] = []
    var called: Set<String> = []
    /// In the order of declaration, each once, and where.
    var declaredParameters: [String] = []
    var declarations: [String: SourceSpan] = [:]
    /// False inside a branch that may not be taken.
    var isCertain = true
    /// True among the statements of a sweep's cell.
    var isInSweep = false
    /// What the cell's commands return; nil outside of a sweep.
    var figures: CellFigures?
    /// True where only misspellings are worth a word: the branch is not taken with the values at hand.
    var isIdle = false

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
    mutating func warn(of script: Script) {
        guard !facts.scope.mayHaveOthers else { return }
        let sources = sources
        let warnings = ScriptWarnings(
            script: script, included: includes.scripts, commands: commands,
            misspelt: diagnostics.filter { $0.code == AnalysisCode.unknownVariable.rawValue }.compactMap { $0.span.flatMap(sources.text) })
        diagnostics += warnings.all()
        diagnostics = diagnostics.sortedBySource()
    }

    // MARK: Reporting

    /// Each kind of mistake once a place, however often a loop comes by.
    mutating func report(_ found: [Diagnostic]) {
        for diagnostic in found {
            guard diagnostics.count < Self.mostProblems else { return }
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

    mutating func evaluate(_ expression: Expression) -> Value {
        var evaluator = Evaluator(scope: facts.scope)
        let value = evaluator.value(of: expression)
        work &+= evaluator.work
        report(evaluator.diagnostics)
        return evaluator.diagnostics.isEmpty ? value : .unknown(.anything)
    }

    var isExhausted: Bool { work > Self.budget }

    // MARK: Statements

    mutating func run(_ statements: [Statement]) {
        for statement in statements { run(statement) }
    }

    mutating func run(_ statement: Statement) {
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

    mutating func run(_ parameter: ParamStatement) {
        if let first = declarations[parameter.name.text] {
            if first != parameter.name.span { report([.namedTwice(parameter.name, first: first)]) }
        } else {
            declaredParameters.append(parameter.name.text)
            declarations[parameter.name.text] = parameter.name.span
        }
        let given = parameters.last { $0.name == parameter.name.text }
        let check = ParameterCheck(parameter, given: given, scope: facts.scope)
        report(check.diagnostics)
        facts.scope.set(parameter.name.text, to: check.value)
    }

    mutating func checkParameterNames() {
        for parameter in parameters where declarations[parameter.name] == nil {
            report([.unknownParameter(parameter.name, declared: declaredParameters, at: parameter.nameSpan)])
        }
    }

    mutating func run(_ assertion: AssertStatement) {
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
    mutating func condition(_ expression: Expression, of statement: String) -> Bool? {
        let value = evaluate(expression)
        switch value {
        case .boolean(let isTrue): return isTrue
        case .unknown(.boolean), .unknown(.anything): return nil
        default:
            report([Diagnostic.noCondition(value, of: statement, at: expression.span)])
            return nil
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
