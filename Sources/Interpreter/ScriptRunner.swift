internal import Diagnostics
internal import Experiments
public import MessagePassing
internal import Foundation
public import VPSAnalysis
internal import VPSSyntax

/// What a program that runs scripts may exit with (sysexits.h where it has a number for it).
public enum ExitCode: Int32, Sendable {
    case success = 0
    case usage = 64
    case rejected = 65
    case inputMissing = 66
    case failed = 70
    case interrupted = 130
}

extension ExitCode {
    public init(_ outcome: Session.Outcome) {
        switch outcome {
        case .succeeded: self = .success
        case .rejected: self = .rejected
        case .inputMissing: self = .inputMissing
        case .failed: self = .failed
        case .interrupted: self = .interrupted
        }
    }
}

/// Loads a script, checks all of it, and runs it: `vptsp run` and `vptsp check`.
public struct ScriptRunner {
    private let output: any OutputSink
    private let color: Bool
    private let files: any FileAccess
    private let shouldStop: () -> Bool
    private let group: ProcessGroup?

    /// - Parameter group: processes that all run the same script, and share its training and evaluation
    public init(
        output: any OutputSink, color: Bool = false, files: any FileAccess = LocalFiles(), group: ProcessGroup? = nil,
        shouldStop: @escaping () -> Bool = { false }
    ) {
        self.group = group
        self.output = output
        self.color = color
        self.files = files
        self.shouldStop = shouldStop
    }

    /// - Parameters:
    ///   - path: of the script; `-` is not special.
    ///   - arguments: `name=value` for its parameters.
    public func run(_ path: String, arguments: [String] = []) -> ExitCode {
        SharedRun(group, output: output).code { run(path, arguments: arguments, output: $0) }
    }

    private func run(_ path: String, arguments: [String], output: any OutputSink) -> ExitCode {
        load(path, arguments: arguments, output: output) { session, result, path, text in ExitCode(session.execute(result, text: text, path: path)) }
    }

    /// Only checks.
    ///
    /// - Parameters:
    ///   - isStrict: warnings speak against the script too.
    ///   - tell: takes what was found, instead of the output.
    public func check(
        _ path: String, arguments: [String] = [], isStrict: Bool = false, tell: (([DiagnosticRecord]) -> Void)? = nil
    ) -> ExitCode {
        load(path, arguments: arguments) { session, result, path, _ in
            let found = session.findings(result, path: path, isRehearsal: true)
            if let tell {
                tell(found.map { DiagnosticRecord($0, in: session.sources) })
            } else if !found.isEmpty {
                session.report(found)
            }
            return found.contains { $0.severity == .error || isStrict && $0.severity == .warning } ? .rejected : .success
        }
    }

    /// Runs it once for each combination of values of its parameters.
    /// - Parameter arguments: `name=values` for its parameters, and options of `sweep`.
    public func sweep(_ path: String, arguments: [String]) -> ExitCode {
        var pairs: [(name: String, text: String)] = []
        for argument in arguments {
            guard let mark = argument.firstIndex(of: "="), mark > argument.startIndex else {
                output.writeError("error: `\(argument)` is not `name=values`\n")
                return .usage
            }
            pairs.append((String(argument[..<mark]), String(argument[argument.index(after: mark)...])))
        }
        return load(path, arguments: []) { session, result, path, _ in
            guard result.diagnostics.isEmpty else {
                session.report(result.diagnostics)
                return .rejected
            }
            let file = PathText.name(of: path)
            let sweep = ScriptSweep(result.script, name: file.hasSuffix(".vps") ? String(file.dropLast(4)) : file, in: session)
            var (isChecked, hasFailed) = (false, false)
            let outcome = session.attempt {
                let run = try sweep.prepared(pairs)
                isChecked = true
                hasFailed = try run.run().summary.rows.contains { $0.failed > 0 }
            }
            if outcome == .failed, !isChecked { return .rejected }
            return outcome == .succeeded && hasFailed ? .failed : ExitCode(outcome)
        }
    }

    /// Loads what the script loads, trains nothing, and says what each training would take.
    public func plan(_ path: String, arguments: [String] = []) -> ExitCode {
        let quiet = CapturedOutput()
        let code = load(path, arguments: arguments, output: quiet) { session, result, path, text in
            session.dryRun = DryRun(output: output)
            return ExitCode(session.execute(result, text: text, path: path))
        }
        if code != .success { output.writeError(quiet.errors) }
        return code
    }

    private func load(
        _ path: String, arguments: [String], output: (any OutputSink)? = nil,
        _ body: (Session, ParseResult, _ path: String, _ text: String) -> ExitCode
    ) -> ExitCode {
        let output = output ?? self.output
        let path = PathText.expanded(path)
        guard let kind = files.kind(of: path), kind == .file, let bytes = try? files.contents(of: path) else {
            let what = files.kind(of: path) == .folder ? "\(quoted(path)) is a folder" : "cannot read \(quoted(path))"
            output.writeError("error: \(what)\n")
            return .inputMissing
        }
        let folder = PathText.folder(of: path)
        let session = Session(
            output: output, color: color, runsFolder: PathText.resolved("runs", in: folder), files: files,
            experiment: Experiment(group: group), shouldStop: shouldStop)
        let result = Parser.parse(bytes, file: session.sources.add(name: path, text: bytes))
        for argument in arguments {
            guard let assignment = ParameterAssignment(argument, sources: &session.sources) else {
                output.writeError("error: `\(argument)` is not `name=value`\n")
                return .usage
            }
            session.parameters.append(assignment)
        }
        return body(session, result, path, String(decoding: bytes, as: UTF8.self))
    }
}
