internal import Foundation
internal import TensorFiles

/// `events.jsonl`: one JSON object a line, written as it happens.
final class EventLog {
    private let path: String
    /// Nil where another process keeps the log.
    private let file: FileHandle?

    /// Opens the log for appending. Lines of steps at or after `position` are dropped: they were made after the
    /// checkpoint that training takes up from and will be made again. So is a last line that was not finished.
    ///
    /// - Parameter isKept: false for a log that takes nothing
    init(path: String, keepingBefore position: TrainingPosition, isKept: Bool = true) throws {
        self.path = path
        guard isKept else {
            file = nil
            return
        }
        do {
            let url = URL(fileURLWithPath: path)
            let old = FileManager.default.fileExists(atPath: path) ? try Data(contentsOf: url) : Data()
            var kept = Data()
            var rest = old[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[...end]
                rest = rest[rest.index(after: end)...]
                if Self.position(of: line).map({ $0 < position }) ?? true { kept.append(line) }
            }
            // Whole or not at all: on a full disk the old lines stay.
            if kept != old || old.isEmpty { try AtomicFile.write(Array(kept), to: path) }
            let opened = try FileHandle(forWritingTo: url)
            try opened.seekToEnd()
            file = opened
        } catch {
            throw ExperimentError(.input, "\(path) cannot be written: \(describe(error))", help: ["events of a run are written as they happen"])
        }
    }

    deinit { try? file?.close() }

    private struct Line: Decodable {
        var event: String
        var epoch: Int?
        var step: Int?
        var loss: Double?
    }

    /// The loss of each step that a log tells of, of two lines for one step the later one.
    static func losses(path: String) throws -> [TrainingPosition: Double] {
        guard let data = FileManager.default.contents(atPath: path) else { throw ExperimentError(.input, "\(path) cannot be read") }
        var losses: [TrainingPosition: Double] = [:]
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let line = try? JSONDecoder().decode(Line.self, from: line), line.event == "step", let epoch = line.epoch, let step = line.step else { continue }
            losses[TrainingPosition(epoch: epoch, step: step)] = line.loss
        }
        return losses
    }

    /// The evaluations that a log tells of, of two of one epoch and part the later one.
    static func evaluations(path: String) -> [EvaluationRecord] {
        var records: [EvaluationRecord] = []
        for line in (FileManager.default.contents(atPath: path) ?? Data()).split(separator: UInt8(ascii: "\n")) {
            guard (try? JSONDecoder().decode(Line.self, from: line))?.event == "evaluation",
                let record = try? JSONFile.decode(EvaluationRecord.self, from: Array(line), name: path)
            else { continue }
            records.removeAll { $0.epoch == record.epoch && $0.part == record.part && $0.embedding == record.embedding }
            records.append(record)
        }
        return records
    }

    /// The place in training that a line belongs to; nil for lines that belong to none.
    private static func position(of line: Data) -> TrainingPosition? {
        guard let line = try? JSONDecoder().decode(Line.self, from: line), let epoch = line.epoch else { return nil }
        // An epoch ends, and is evaluated, after the last of its steps.
        return line.event == "step" ? line.step.map { TrainingPosition(epoch: epoch, step: $0) } : TrainingPosition(epoch: epoch, step: .max)
    }

    func append(_ event: TrainingEvent) throws {
        guard let file else { return }
        let line: [UInt8] = switch event {
        case .began(let plan): try Self.line("begin", plan)
        case .step(let step): try Self.line("step", step)
        case .epoch(let epoch): try Self.line("epoch", epoch)
        case .evaluated(let evaluation): try Self.line("evaluation", evaluation)
        case .checkpoint(let path, let position):
            try Self.line("checkpoint", ["file": (path as NSString).lastPathComponent, "at": "\(position.epoch):\(position.step)"])
        case .ended(let outcome): try Self.line("end", outcome)
        }
        do {
            try file.write(contentsOf: line)
        } catch {
            throw ExperimentError(
                .running, "\(path) cannot be written: \(describe(error))", help: ["free some space; `vptsp resume` with the folder of the run goes on from its checkpoint"])
        }
    }

    /// Waits until all that was written is on the disk.
    func sync() throws { try file?.synchronize() }

    private struct Tagged<Body: Encodable>: Encodable {
        var event: String
        var body: Body

        private enum Key: CodingKey { case event }

        func encode(to encoder: any Encoder) throws {
            try body.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(event, forKey: .event)
        }
    }

    private static func line(_ event: String, _ body: some Encodable) throws -> [UInt8] {
        try JSONFile.encode(Tagged(event: event, body: body)) + [UInt8(ascii: "\n")]
    }
}

/// The system's words for an error, without Foundation's wrapping.
package func describe(_ error: any Error) -> String {
    if error is TensorFileError || error is ExperimentError { return "\(error)" }
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(truncatingIfNeeded: cause.code))) }
    return cause.localizedDescription
}
