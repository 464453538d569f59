internal import Experiments
internal import Foundation

/// Who says which cell comes next.
public protocol CellSource: AnyObject {
    /// Asked whenever a worker is free.
    func next() throws -> NextCell
    /// Told of each cell that is over, those included that were over before.
    func finished(_ cell: SweepCell, _ result: CellResult) throws
}

public enum NextCell {
    /// `epochs` limits its trainings, where it is not to go to its end at once.
    case run(SweepCell, epochs: Int?)
    /// None before another one is over.
    case wait
    case none
}

/// What happens in a sweep, in the order in which it happens.
public enum SweepEvent {
    case started(SweepCell)
    case progress(SweepCell, done: Int, total: Int, loss: Double)
    /// `isOld` when it was over before this sweep began.
    case finished(SweepCell, CellResult, isOld: Bool)
    /// Comes several times a second while cells run.
    case tick
}

/// Runs cells in worker processes, `jobs` at a time.
///
/// A worker runs many cells, so that pictures and weights are read once; when it crashes, the cell that it ran has failed,
/// and another worker takes its place.
public final class SweepScheduler {
    public enum Outcome: Sendable {
        case complete
        /// The user asked; what runs was stopped at safe points.
        case interrupted
        /// A cell failed, and that was to end the sweep.
        case stopped
    }

    private let folder: SweepFolder
    private let program: String
    private let jobs: Int
    private let threads: Int
    private let stopsAtFailure: Bool
    private var workers: [Worker] = []
    private var started = 0

    private struct Worker {
        let process: WorkerProcess
        let log: String
        var cell: SweepCell?
        var began = Date()
    }

    /// - Parameters:
    ///   - program: the executable that ``SweepScheduler/workerArguments(folder:threads:)`` is for.
    ///   - threads: of each worker.
    public init(folder: SweepFolder, program: String, jobs: Int, threads: Int, stopsAtFailure: Bool) {
        self.folder = folder
        self.program = program
        self.jobs = jobs
        self.threads = threads
        self.stopsAtFailure = stopsAtFailure
    }

    /// What the program is started with as a worker.
    public static let workerCommand = "sweep-worker"

    /// - Returns: why it came to an end. Every result is on disk by then.
    public func run(_ source: any CellSource, observer: (SweepEvent) -> Void, shouldStop: () -> Bool) throws -> Outcome {
        var outcome = Outcome.complete
        var isEnding = false
        while true {
            if !isEnding {
                try assign(source, observer)
                if shouldStop() {
                    (outcome, isEnding) = (.interrupted, true)
                    interrupt()
                }
            }
            guard workers.contains(where: { $0.cell != nil }) else { break }
            if try listen(source, observer), stopsAtFailure, !isEnding {
                (outcome, isEnding) = (.stopped, true)
                interrupt()
            }
            observer(.tick)
        }
        for worker in workers {
            worker.process.dismiss()
            _ = worker.process.reap()
        }
        workers = []
        return outcome
    }

    private func interrupt() {
        for worker in workers where worker.cell != nil { worker.process.interrupt() }
    }

    // MARK: Work

    /// Gives free workers what comes next; starts workers as long as there are fewer than `jobs`.
    private func assign(_ source: any CellSource, _ observer: (SweepEvent) -> Void) throws {
        while workers.filter({ $0.cell != nil }).count < jobs {
            guard case .run(let cell, let epochs) = try source.next() else { return }
            if let old = folder.result(of: cell.hash, epochs: epochs), old.status == .done {
                try source.finished(cell, old)
                observer(.finished(cell, old, isOld: true))
                continue
            }
            let index = try workers.firstIndex { $0.cell == nil } ?? start()
            workers[index].cell = cell
            workers[index].began = Date()
            observer(.started(cell))
            // A worker that is gone is noticed when it is listened to.
            _ = try workers[index].process.send(WorkerOrder(cell: cell, epochs: epochs))
        }
    }

    private func start() throws -> Int {
        started += 1
        let log = "\(folder.path)/worker-\(started).log"
        try? FileManager.default.removeItem(atPath: log)
        let process = try WorkerProcess(
            program: program, arguments: [Self.workerCommand, folder.path, "--threads", "\(threads)"], log: log)
        workers.append(Worker(process: process, log: log))
        return workers.count - 1
    }

    /// Waits a little for what workers say.
    /// - Returns: whether a cell failed.
    private func listen(_ source: any CellSource, _ observer: (SweepEvent) -> Void) throws -> Bool {
        var watched = workers.map { pollfd(fd: $0.process.channel, events: Int16(POLLIN), revents: 0) }
        guard poll(&watched, nfds_t(watched.count), 100) > 0 else { return false }
        var hasFailure = false
        var gone: [Int] = []
        for index in workers.indices where watched[index].revents != 0 {
            guard let messages = try workers[index].process.receive() else {
                gone.append(index)
                continue
            }
            for message in messages {
                guard let cell = workers[index].cell else { continue }
                switch message {
                case .progress(let done, let total, let loss): observer(.progress(cell, done: done, total: total, loss: loss))
                case .stopped: workers[index].cell = nil
                case .finished(let result):
                    workers[index].cell = nil
                    hasFailure = hasFailure || result.status == .failed
                    try source.finished(cell, result)
                    observer(.finished(cell, result, isOld: false))
                }
            }
        }
        for index in gone.reversed() {
            let worker = workers.remove(at: index)
            let how = worker.process.reap()
            guard let cell = worker.cell else { continue }
            hasFailure = true
            let result = CellResult(
                status: .failed, seconds: -worker.began.timeIntervalSinceNow, message: (["its process \(how)"] + lastLines(of: worker.log)).joined(separator: "\n"))
            try folder.write(result, of: cell.hash)
            try source.finished(cell, result)
            observer(.finished(cell, result, isOld: false))
        }
        return hasFailure
    }

    /// What a worker said before its end.
    private func lastLines(of path: String) -> [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").suffix(3).map(String.init)
    }
}

/// Cells that are all known before the first one runs, each run once.
public final class ListedCells: CellSource {
    private var rest: ArraySlice<SweepCell>

    /// - Parameter cells: of those with the same hash only the first is run.
    public init(_ cells: [SweepCell]) {
        var seen: Set<String> = []
        rest = cells.filter { seen.insert($0.hash).inserted }[...]
    }

    public func next() -> NextCell { rest.popFirst().map { .run($0, epochs: nil) } ?? .none }

    public func finished(_ cell: SweepCell, _ result: CellResult) {}
}
