internal import Experiments
internal import Foundation

/// Where the cells of a kept sweep stand, whoever runs them.
public struct SweepProgress: Codable, Equatable, Sendable {
    public enum State: String, Codable, Sendable, CaseIterable {
        case done, failed
        /// A cell of it is at work, as far as its cluster says.
        case running
        /// In the queue.
        case queued
        /// It has no result, and nobody is known to work on it: not begun, stopped, or gone with its job. The same sweep
        /// started again runs it.
        case missing
    }

    public struct Cell: Codable, Equatable, Sendable {
        public var hash: String
        public var name: String
        public var state: State
        /// Slurm's name for its task.
        public var task: String?
        /// Why it failed; the last of what its task said where it left nothing else.
        public var message: String?
    }

    public var path: String
    public var cells: [Cell]

    public func count(_ state: State) -> Int { cells.count { $0.state == state } }

    /// - Throws: ``ExperimentError`` when there is no sweep in the folder.
    public init(_ folder: SweepFolder) throws {
        path = folder.path
        let record = try folder.slurmRecord()
        let queue = record.submissions.isEmpty ? nil : try? SlurmQueue()
        var states: [String: SlurmQueue.States] = [:]
        for submission in record.submissions { states[submission.job] = queue?.states(of: submission.job) ?? [:] }
        var seen: Set<String> = []
        cells = try folder.manifest().cells.filter { seen.insert($0.hash).inserted }.map { cell in
            let task = record.task(of: cell.hash)
            let inQueue = task.flatMap { states[$0.job]?[$0.number] }
            let name = (cell.values.map { "\($0.name)=\($0.text)" } + ["seed=\(cell.seed)"]).joined(separator: " ")
            var result = Cell(hash: cell.hash, name: name, state: .missing, task: task.map { "\($0.job)_\($0.number)" })
            if let found = folder.result(of: cell.hash) {
                result.state = found.status == .done ? .done : .failed
                result.message = found.message
            } else if let inQueue {
                result.state = ["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED"].contains(inQueue) ? .queued : .running
            } else if let task {
                result.message = folder.lastWords(in: folder.log(of: task))
            }
            return result
        }
    }
}

extension SweepFolder {
    /// The last lines of a log; nil where there are none.
    func lastWords(in log: String) -> String? {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n").suffix(3)
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// Those that were kept under `runs`, by name.
    public static func kept(in runs: String) -> [SweepFolder] {
        let parent = runs + "/sweeps"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().map { SweepFolder(path: parent + "/" + $0) }
            .filter { FileManager.default.fileExists(atPath: $0.path + "/manifest.json") }
    }
}
