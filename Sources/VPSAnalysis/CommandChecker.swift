public import CommandSchema
public import Diagnostics
public import VPSSyntax

/// Everything that can be checked of one command: its arguments, each and together, what it needs of the session, and the
/// files that it names. The interpreter runs the same checks again with the values of the run.
public struct CommandChecker: Sendable {
    public struct Outcome: Sendable {
        public var arguments: BoundArguments
        /// In source order; empty when the command can run.
        public var diagnostics: [Diagnostic]
        /// What the session lacks.
        var missing: Set<StateFact>
        var work: Int
    }

    private let files: any FileAccess

    public init(files: any FileAccess) {
        self.files = files
    }

    public func check(
        _ statement: CommandStatement, as declaration: CommandDeclaration, scope: Scope, state: SessionState
    ) -> Outcome {
        let binder = ArgumentBinder(statement, to: declaration, scope: scope)
        let arguments = binder.arguments
        var diagnostics = binder.diagnostics
        diagnostics += ConstraintCheck(arguments: arguments, state: state).diagnostics()
        let missing = missingState(arguments, state)
        diagnostics += missing.map(\.diagnostic)
        diagnostics += fileProblems(arguments, state)
        if declaration.takesBlock, statement.block == nil {
            diagnostics.append(
                Diagnostic(
                    code: AnalysisCode.blockMissing.rawValue, "`\(declaration.name)` needs statements in braces", at: statement.name.span,
                    help: ["write `\(declaration.name) … { … }`, the `{` on the same line"]))
        }
        if let block = statement.block, !declaration.takesBlock {
            let brace = SourceSpan(file: block.span.file, lower: block.span.lower, upper: block.span.lower + 1)
            diagnostics.append(
                Diagnostic(code: AnalysisCode.blockNotTaken.rawValue, "`\(declaration.name)` takes no block", at: brace))
        }
        if let result = statement.result, declaration.result.isEmpty {
            diagnostics.append(
                Diagnostic(
                    code: AnalysisCode.nothingReturned.rawValue, "`\(declaration.name)` returns nothing to keep", at: result.span))
        }
        return Outcome(
            arguments: arguments, diagnostics: diagnostics.sortedBySource(), missing: Set(missing.map(\.fact)), work: binder.work)
    }

    // MARK: State

    private func missingState(_ arguments: BoundArguments, _ state: SessionState) -> [(fact: StateFact, diagnostic: Diagnostic)] {
        var missing: [(fact: StateFact, subject: String, span: SourceSpan)] = []
        for need in arguments.command.needs where !(need.unlessGiven.map(arguments.isGiven) ?? false) && !writes(need.unlessFile, arguments) {
            missing.append((need.fact, arguments.command.name, arguments.span))
        }
        for given in arguments.given.values {
            let option = given.option
            var facts = option.needs
            var subject = "\(arguments.command.name) \(option.name)"
            if let word = given.value.string, let choice = option.kind.choices.first(where: { $0.word == word }) {
                facts += choice.needs
                subject += "=\(word)"
            }
            missing += facts.map { ($0, subject, given.whole) }
        }
        return missing.filter { !state.facts.contains($0.fact) }.map { fact, subject, span in
            let diagnostic = Diagnostic(
                code: AnalysisCode.missingState.rawValue, "`\(subject)` needs \(fact.description)", at: span,
                help: ["write `\(fact.remedy)` before it"])
            return (fact, diagnostic)
        }
    }

    /// Whether a file that the command writes ends so.
    private func writes(_ suffix: String?, _ arguments: BoundArguments) -> Bool {
        guard let suffix else { return false }
        return arguments.given.values.contains { given in
            given.option.kind.path?.role == .output && (given.value.string?.lowercased().hasSuffix(suffix) ?? true)
        }
    }

    // MARK: Files

    private func fileProblems(_ arguments: BoundArguments, _ state: SessionState) -> [Diagnostic] {
        arguments.given.values.flatMap { given -> [Diagnostic] in
            guard let use = given.option.kind.pathOfElements else { return [] }
            return given.texts.compactMap { path, span in
                if use.role == .output { return unwritable(path, state, at: span) }
                if use.role == .store { return nil }
                return state.mayHaveWritten(path) ? nil : missing(path, role: use.role, at: span)
            }
        }
    }

    /// Work is not to end where its result has no place to go.
    private func unwritable(_ written: String, _ state: SessionState, at span: SourceSpan) -> Diagnostic? {
        let path = PathText.expanded(written)
        if files.kind(of: path) == .folder {
            return Diagnostic(
                code: AnalysisCode.wrongPathKind.rawValue, "\(quoted(written)) is a folder, not a file to write", at: span,
                help: ["name a file inside it"])
        }
        let folder = PathText.folder(of: path)
        guard !folder.isEmpty, !state.mayHaveWritten(folder) else { return nil }
        switch files.kind(of: folder) {
        case .folder: return nil
        case .file:
            return Diagnostic(code: AnalysisCode.wrongPathKind.rawValue, "\(quoted(folder)) is a file, not a folder", at: span)
        case nil:
            return Diagnostic(
                code: AnalysisCode.missingPath.rawValue, "there is no folder \(quoted(folder)) to write to", at: span,
                help: ["make it first: mkdir -p \(folder)"])
        }
    }

    private func missing(_ written: String, role: PathUse.Role, at span: SourceSpan) -> Diagnostic? {
        let path = PathText.expanded(written)
        switch (files.kind(of: path), role) {
        case (nil, _):
            let folder = PathText.folder(of: path)
            let guess = closestMatch(to: PathText.name(of: path), among: files.names(in: folder))
            let shown = PathText.folder(of: written)
            return Diagnostic(
                code: AnalysisCode.missingPath.rawValue, "there is no \(quoted(written))", at: span,
                label: guess.map { "did you mean \(quoted(shown.isEmpty ? $0 : PathText.resolved($0, in: shown)))?" },
                help: ["paths are relative to the working directory"])
        case (.folder, .file):
            return Diagnostic(
                code: AnalysisCode.wrongPathKind.rawValue, "\(quoted(written)) is a folder, not a file", at: span)
        case (.file, .folder):
            return Diagnostic(
                code: AnalysisCode.wrongPathKind.rawValue, "\(quoted(written)) is a file, not a folder", at: span)
        default: return nil
        }
    }
}

extension ValueKind {
    /// What a path among the values is for, those of a list included.
    fileprivate var pathOfElements: PathUse? { if case .list(let element) = self { element.path } else { path } }
}

extension BoundArguments.Argument {
    /// The texts among its values, each with its place.
    fileprivate var texts: [(text: String, span: SourceSpan)] {
        switch value {
        case .text(let text): [(text, span)]
        case .list(let list):
            list.elements.enumerated().compactMap { index, element in
                guard case .text(let text) = element else { return nil }
                return (text, written.element(index)?.span ?? span)
            }
        default: []
        }
    }
}
