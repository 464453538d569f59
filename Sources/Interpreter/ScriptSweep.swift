internal import CommandCatalog
internal import CommandSchema
internal import Diagnostics
internal import VPSAnalysis
internal import VPSSyntax

/// `vptsp sweep file.vps alpha=0.1,0.3 seeds=3`: a whole script as the statements of a sweep over its `param`s.
struct ScriptSweep {
    private let session: Session
    private let script: Script
    private let name: String

    /// - Parameter name: of the sweep's folder, unless the arguments give one.
    init(_ script: Script, name: String, in session: Session) {
        self.session = session
        self.script = script
        self.name = name
    }

    /// - Parameter arguments: `name=values` for parameters, and options of `sweep`.
    /// - Returns: the sweep, ready to run.
    /// - Throws: ``Failure`` for what is wrong with the arguments or with the script under some of the values.
    func prepared(_ arguments: [(name: String, text: String)]) throws -> SweepRun {
        let declared = try parameters(of: script.statements)
        let command = Catalog.sweep
        let options = Set((command.positionals + command.options).map(\.name))
        var sweep = ParameterSweep(declared: declared)
        var chosen: [(name: String, text: String)] = []
        for argument in arguments {
            let isParameter = declared.contains { $0.name.text == argument.name }
            if isParameter, options.contains(argument.name) {
                throw Failure(Diagnostic(
                    code: AnalysisCode.givenTwice.rawValue, "`\(argument.name)` is a parameter of the script and an option of `sweep`", at: nil,
                    help: ["give the script's parameter another name"]))
            }
            if options.contains(argument.name) {
                chosen.append(argument)
            } else {
                sweep.add(argument.name, argument.text, sources: &session.sources)
            }
        }
        guard sweep.diagnostics.isEmpty else { throw Failure(sweep.diagnostics) }
        session.parameters = sweep.fixed
        let space = SweepSpace(axes: sweep.axes, body: script.statements)
        let bound = try bind(chosen, command)
        let problems = space.problems(bound)
        guard problems.isEmpty else { throw Failure(problems) }
        return try SweepRun(space, SweepOptions(bound, base: session.experiment.specification.seed), in: session, isScript: true)
    }

    /// Those of the script and of what it includes.
    private func parameters(of statements: [Statement], level: Int = 0) throws -> [ParamStatement] {
        guard level < 100 else { return [] }
        return try statements.flatMap { statement -> [ParamStatement] in
            switch statement.kind {
            case .param(let parameter): [parameter]
            case .include(let include): try parameters(of: Executor(session: session).statements(of: include), level: level + 1)
            default: []
            }
        }
    }

    /// The options through the checks of the command that they belong to.
    private func bind(_ options: [(name: String, text: String)], _ command: CommandDeclaration) throws -> BoundArguments {
        let given = options.first { $0.name == "name" }?.text
        let rest = options.filter { $0.name != "name" }.map { "\($0.name)=\($0.text)" }
        let text = (["sweep", given ?? (Parser.isBareWord(name) ? name : quoted(name))] + rest + ["{ }"]).joined(separator: " ")
        let bytes = Array(text.utf8)
        let result = Parser.parse(bytes, file: session.sources.add(name: "command line", text: bytes))
        guard result.diagnostics.isEmpty, case .command(let statement)? = result.script.statements.first?.kind else { throw Failure(result.diagnostics) }
        let outcome = CommandChecker(files: session.files).check(statement, as: command, scope: Scope(), state: SessionState())
        guard outcome.diagnostics.isEmpty else { throw Failure(outcome.diagnostics) }
        return outcome.arguments
    }
}
