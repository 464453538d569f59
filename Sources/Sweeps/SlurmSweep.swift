internal import Experiments
internal import Foundation

/// Cells as tasks of one job array. They need nothing from the process that submitted them: it may wait for their results, or end.
public final class SlurmSweep {
    public enum Outcome: Sendable {
        case complete
        /// The user no longer waits; the jobs go on.
        case detached
    }

    private let folder: SweepFolder
    private let program: String
    private let options: SlurmOptions
    private let queue: SlurmQueue
    private var record: SlurmRecord

    /// Between two looks at the folder, and at the queue, which other people need too. Seconds.
    private static let (lookInterval, queueInterval) = (0.5, 5.0)

    /// - Parameter program: path of the executable, as every node sees it
    /// - Throws: ``ExperimentError`` where there is no Slurm.
    public init(folder: SweepFolder, program: String, options: SlurmOptions) throws {
        self.folder = SweepFolder(path: URL(fileURLWithPath: folder.path).standardizedFileURL.path)
        self.program = program
        self.options = options
        queue = try SlurmQueue()
        record = try folder.slurmRecord()
    }

    /// Submits the cells that are neither done nor in the queue.
    /// - Returns: the job's number, nil when there was nothing to submit; how many cells it has, and how many were in the queue already.
    public func submit(_ cells: [SweepCell], name: String) throws -> (job: String?, submitted: Int, queued: Int) {
        let missing = cells.filter { folder.result(of: $0.hash)?.status != .done }
        var states: [String: SlurmQueue.States] = [:]
        for job in Set(record.submissions.map(\.job)) {
            guard let known = queue.states(of: job) else {
                throw ExperimentError(.running, "squeue does not answer, so that cells could be submitted twice", help: ["try again, the sweep goes on where it is"])
            }
            states[job] = known
        }
        let fresh = missing.filter { cell in record.task(of: cell.hash).map { states[$0.job]?[$0.number] == nil } ?? true }
        guard !fresh.isEmpty else { return (nil, 0, missing.count) }
        // What failed before is tried again: its old result must not pass for the new one.
        for cell in fresh { try folder.forgetResult(of: cell.hash) }
        do {
            try FileManager.default.createDirectory(atPath: folder.slurmPath, withIntermediateDirectories: true)
        } catch {
            throw ExperimentError(.running, "\(folder.slurmPath) cannot be made: \(describe(error))")
        }
        let script = SlurmScript(name: name, options: options, program: program, folder: folder.path, cells: fresh.map(\.hash))
        let path = "\(folder.slurmPath)/array-\(record.submissions.count + 1).sh"
        try folder.write(script.text, to: path)
        let job = try queue.submit(script: path, in: folder.path)
        record.submissions.append(.init(job: job, cells: fresh.map(\.hash), submitted: ISO8601DateFormatter().string(from: Date())))
        try folder.write(record)
        return (job, fresh.count, missing.count - fresh.count)
    }

    /// Waits for the results of the cells, and tells of each as it comes.
    public func wait(for cells: [SweepCell], observer: (SweepEvent) -> Void, shouldStop: () -> Bool) throws -> Outcome {
        var open = cells
        var running: Set<String> = []
        /// Cells whose task had left the queue at the last look: their result may still be on its way through the file system.
        var gone: Set<String> = []
        var lastLook = Date.distantPast
        while true {
            open = open.filter { cell in
                guard let result = folder.result(of: cell.hash) else { return true }
                observer(.finished(cell, result, isOld: false))
                return false
            }
            if open.isEmpty { return .complete }
            if shouldStop() { return .detached }
            if -lastLook.timeIntervalSinceNow >= Self.queueInterval {
                let states = Dictionary(uniqueKeysWithValues: Set(record.submissions.map(\.job)).map { ($0, queue.states(of: $0)) })
                lastLook = Date()
                for cell in open {
                    guard let task = record.task(of: cell.hash), let known = states[task.job], let known else { continue }
                    switch known[task.number] {
                    case nil where gone.contains(cell.hash): try lose(cell, task)
                    case nil: gone.insert(cell.hash)
                    case let state?:
                        gone.remove(cell.hash)
                        if state == "RUNNING", running.insert(cell.hash).inserted { observer(.started(cell)) }
                    }
                }
            }
            observer(.tick)
            Thread.sleep(forTimeInterval: Self.lookInterval)
        }
    }

    /// A task that ended and left no result: killed by its memory, cancelled, or out of time in one long step.
    private func lose(_ cell: SweepCell, _ task: (job: String, number: Int)) throws {
        guard folder.result(of: cell.hash) == nil else { return }
        let words = folder.lastWords(in: folder.log(of: task))
        try folder.write(
            CellResult(status: .failed, seconds: 0, message: (["its job \(task.job)_\(task.number) ended without a result"] + (words.map { [$0] } ?? [])).joined(separator: "\n")),
            of: cell.hash)
    }
}

extension SweepFolder {
    /// Removes what a cell came to.
    func forgetResult(of hash: String) throws {
        let path = "\(cellPath(hash))/result.json"
        guard FileManager.default.fileExists(atPath: path) else { return }
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw ExperimentError(.running, "\(path) cannot be removed: \(describe(error))")
        }
    }
}
