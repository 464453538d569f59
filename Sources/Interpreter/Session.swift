public import Diagnostics
public import Experiments
public import VPSAnalysis
internal import Foundation
internal import VPSSyntax

/// What commands act on: the experiment, the names, and where results go. A script and the prompt use the same one.
public final class Session {
    /// How an input ended.
    public enum Outcome: Sendable {
        case succeeded
        /// Found wrong before anything of it ran, or before a command did anything with a condition that it was given.
        case rejected
        /// Failed while it ran; what ran before holds.
        case failed
        /// A file or folder that it wanted is not there or not what it should be.
        case inputMissing
        /// Stopped at a safe point because the user asked.
        case interrupted
    }

    public let experiment: Experiment
    public let output: any OutputSink
    /// Read at safe points of long work: true once the user wants it to stop. Several processes ask it at the same points, and stop at the same.
    public let shouldStop: () -> Bool
    /// Folder under which `train` keeps its runs.
    public let runsFolder: String
    /// A statement has asked to leave.
    public internal(set) var isFinished = false

    /// Every text that was read, for places in messages.
    public internal(set) var sources = SourceMap()
    public internal(set) var scope = Scope()
    public internal(set) var state = SessionState()
    /// The statements that succeeded, as typed: run again, they do the same.
    public private(set) var transcript = ""

    /// Everything that led to where the session stands: ``transcript``, and the text that is being executed.
    public var script: String { transcript + current }

    private var current = ""
    let files: any FileAccess
    /// Set while a script is only planned.
    var dryRun: DryRun?
    var history = EditHistory()
    /// What it tells whoever runs it as a cell of a sweep; nil outside of one.
    var cell: CellContext?
    /// Values for `param` from the command line.
    var parameters: [ParameterAssignment] = []
    private let renderer: DiagnosticRenderer

    /// - Parameters:
    ///   - color: whether messages are coloured.
    ///   - files: where scripts come from and what commands may name.
    ///   - experiment: a new one; another session's may lend it what is loaded.
    public init(
        output: any OutputSink, color: Bool = false, runsFolder: String = "runs", files: any FileAccess = LocalFiles(),
        experiment: Experiment = Experiment(), shouldStop: @escaping () -> Bool = { false }
    ) {
        self.experiment = experiment
        self.output = output
        self.runsFolder = runsFolder
        self.files = files
        self.shouldStop = { experiment.isStopRequested(shouldStop()) }
        renderer = DiagnosticRenderer(color: color)
    }

    /// Reads, checks and runs statements; prints what they print, and what is wrong with them.
    ///
    /// - Parameter name: of the text, for messages and provenance.
    public func execute(_ text: String, name: String = "<input>") -> Outcome {
        let bytes = Array(text.utf8)
        let file = sources.add(name: name, text: bytes)
        let result = Parser.parse(bytes, file: file)
        return execute(result, text: text)
    }

    /// True exactly when `text` is the beginning of statements and not yet whole ones.
    public static func needsMoreInput(_ text: String) -> Bool {
        Parser.parse(Array(text.utf8), file: 0).isIncomplete
    }

    /// Where a span is, for provenance: the file's name and the line from 1.
    public func place(of span: SourceSpan) -> (source: String, line: Int) {
        guard let file = sources[span.file] else { return ("", 1) }
        return (file.name, file.line(of: span.lower))
    }

    /// Writes a message with its place in the source.
    public func report(_ diagnostics: [Diagnostic]) {
        output.writeError(diagnostics.map { renderer.render($0, in: sources) }.joined(separator: "\n"))
    }

    // MARK: Checking and running

    /// What is wrong with statements, and for a whole script warnings, in source order.
    ///
    /// - Parameters:
    ///   - path: of the script, for its `include`s; empty for text that was typed.
    ///   - isRehearsal: nothing will run here and now (``rehearsed(_:)``).
    func findings(_ result: ParseResult, path: String = "", isRehearsal: Bool = false) -> [Diagnostic] {
        let found = Analyzer.check(
            result.script, path: path, isWhole: result.isWhole, warns: !path.isEmpty && result.diagnostics.isEmpty, files: files, sources: &sources, scope: scope,
            state: state, parameters: parameters)
        return result.diagnostics.joined(by: isRehearsal ? found.map(rehearsed) : found)
    }

    /// - Returns: true when nothing speaks against running; what was found has been reported.
    func approve(_ result: ParseResult, path: String = "") -> Bool {
        let found = findings(result, path: path)
        if !found.isEmpty { report(found) }
        return !found.contains { $0.severity == .error }
    }

    /// - Parameter path: of the script, for its `include`s; empty for text that was typed.
    func execute(_ result: ParseResult, text: String, path: String = "") -> Outcome {
        var isApproved = approve(result, path: path)
        if !experiment.isAlone {
            let outcome = attempt { isApproved = try allApprove(isApproved) }
            guard outcome == .succeeded else { return outcome }
        }
        guard isApproved else { return .rejected }
        current = text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
        defer { current = "" }
        let outcome = attempt { try Executor(session: self).run(result.script.statements) }
        if outcome == .succeeded { transcript += current }
        return outcome
    }

    /// Does something, and reports how it ends when it does not end well.
    func attempt(_ work: () throws -> Void) -> Outcome {
        do {
            try work()
        } catch is Finished {
            // `quit` ends the input; nothing is wrong.
        } catch is Interrupted {
            return .interrupted
        } catch let failure as Failure {
            report(failure.diagnostics)
            return failure.isMissingInput ? .inputMissing : failure.isRejection ? .rejected : .failed
        } catch let diagnostic as Diagnostic {
            report([diagnostic])
            return .failed
        } catch let error as ExperimentError {
            report([Diagnostic(code: RuntimeCode(error.kind).rawValue, error.message, at: nil, help: error.help)])
            return error.kind == .input ? .inputMissing : .failed
        } catch {
            report([Diagnostic(code: RuntimeCode.failed.rawValue, "\(error)", at: nil)])
            return .failed
        }
        return .succeeded
    }
}

extension Failure {
    /// Exit codes tell a missing file from work that failed.
    var isMissingInput: Bool {
        diagnostics.contains { diagnostic in
            [RuntimeCode.badInput.rawValue, AnalysisCode.missingPath.rawValue, AnalysisCode.wrongPathKind.rawValue]
                .contains(diagnostic.code)
        }
    }
}
