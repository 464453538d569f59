internal import Experiments
internal import Foundation
public import MessagePassing
internal import Reporting
internal import VPSAnalysis

/// What several processes do together: the first one speaks, and all come to one end.
public struct SharedRun {
    /// How long a process that failed waits for the others to fail too, before it ends them.
    private static let patience = 3.0

    private let group: ProcessGroup?
    private let output: any OutputSink

    /// - Parameter group: nil for this process alone
    public init(_ group: ProcessGroup?, output: any OutputSink) { (self.group, self.output) = (group, output) }

    /// - Parameter run: with the output that is this process's
    public func code(_ run: (any OutputSink) -> ExitCode) -> ExitCode {
        guard let group else { return run(output) }
        let quiet = QuietOutput()
        let code = run(group.isFirst ? output : quiet)
        guard let codes = group.meet(code: code.rawValue, seconds: code == .success ? nil : Self.patience) else {
            // The others wait for this one, somewhere in the middle: nothing but their end would tell them.
            output.writeError("\(quiet.errors)process \(group.rank) of \(group.count) on \(ProcessGroup.host) ends, and all with it\n")
            group.abort(code: code.rawValue)
        }
        // What went wrong on the first process it has said itself.
        if codes[0] == 0, code != .success { output.writeError("process \(group.rank) on \(ProcessGroup.host): \(quiet.errors)") }
        group.close()
        return codes.first { $0 != 0 }.flatMap(ExitCode.init) ?? .success
    }
}

/// Of a process that does not speak: keeps what is wrong.
private final class QuietOutput: OutputSink {
    private(set) var errors = ""

    func write(_ text: String) {}
    func writeError(_ text: String) { errors += text }
    var progress: Terminal? { nil }
    var terminal: Terminal? { nil }
}

extension Session {
    /// Carries a command out; of several processes by the first one alone where it is no work for all.
    func carryOut(_ arguments: BoundArguments, by handler: any CommandHandler) throws -> Value? {
        guard !experiment.isAlone, !arguments.command.isSetting, !type(of: handler).isDoneTogether else { return try handler.run(arguments, in: self) }
        var result: Value?
        let answer = try experiment.agreed { () -> CommandAnswer in
            do {
                result = try experiment.alone { try handler.run(arguments, in: self) }
                return CommandAnswer(value: result.map(SentValue.init), isInterrupted: false)
            } catch is Interrupted {
                return CommandAnswer(value: nil, isInterrupted: true)
            }
        }
        if answer.isInterrupted { throw Interrupted() }
        return experiment.isFirstProcess ? result : answer.value?.value
    }

    /// What was read, for a comparison of scripts: every text, those of the command line included.
    private var reading: String {
        sources.files.map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: "\0")
    }

    /// Whether the script is fit to run, on all processes.
    /// - Throws: ``ExperimentError`` when they have read different scripts, or are different programs.
    func allApprove(_ isApproved: Bool) throws -> Bool {
        try experiment.requireSameProgram(script: reading)
        return !experiment.isStopRequested(!isApproved)
    }
}

private struct CommandAnswer: Codable {
    var value: SentValue?
    var isInterrupted: Bool
}

/// A value on its way to another process.
private indirect enum SentValue: Codable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case word(String)
    case text(String)
    case list([SentValue])
    case record(names: [String], values: [SentValue])
    /// What no command returns.
    case other

    init(_ value: Value) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .boolean(let value): self = .boolean(value)
        case .word(let text): self = .word(text)
        case .text(let text): self = .text(text)
        case .list(let list): self = .list(list.elements.map(SentValue.init))
        case .record(let record): self = .record(names: record.fields.map(\.name), values: record.fields.map { SentValue($0.value) })
        case .quantity, .range, .unknown: self = .other
        }
    }

    var value: Value {
        switch self {
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .boolean(let value): .boolean(value)
        case .word(let text): .word(text)
        case .text(let text): .text(text)
        case .list(let elements): .list(of: elements.map(\.value))
        case .record(let names, let values): .record(Record(zip(names, values).map { ($0, $1.value) }))
        case .other: .unknown(.anything)
        }
    }
}
