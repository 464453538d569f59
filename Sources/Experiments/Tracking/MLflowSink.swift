internal import Foundation
internal import Interchange

/// Tells MLflow of a training. Figures go into the run's spool at once, and from there to the store on a thread of their own: a
/// server that is slow or down holds nothing up, and is told later what it missed, by this process or by `sync`.
final class MLflowSink: TrackingSink, @unchecked Sendable {
    private let folder: RunFolder
    private let tracking: TrackingSpecification
    private let sender: MLflowSender
    private let values: [(name: String, text: String)]
    private let files: [(String, String)]

    /// Guards everything below.
    private let condition = NSCondition()
    private var spool: MLflowSpool?
    private var notices: [String] = []
    private var isEnding = false
    private var isDone = true
    private var isDown = false
    private var failure: String?

    /// Seconds between two messages; until the next attempt after one, two, … that failed; to wait in the end.
    private static let pace = 1.0, longestWait = 30.0, patience = 15.0

    /// - Parameters:
    ///   - values: of the specification, by option.
    ///   - files: kept with MLflow's run.
    init(folder: RunFolder, tracking: TrackingSpecification, values: [(name: String, text: String)], files: [(String, String)]) {
        self.folder = folder
        self.tracking = tracking
        self.values = values
        self.files = files
        sender = MLflowSender(tracking)
    }

    func begin(_ plan: TrainingPlan) {
        let now = Self.milliseconds(Date().timeIntervalSince1970)
        keeping {
            let opened = try MLflowSpool(folder: folder, store: tracking.mlflow ?? "", experiment: tracking.experiment)
            if opened.abandoned > 0 { notices.append("mlflow: \(opened.abandoned) messages for another store, which this run was to tell before, are dropped") }
            let counts = [("trained-parameters", "\(plan.trainableParameters)"), ("images", "\(plan.images)"), ("classes", "\(plan.classes)")]
            try opened.append(.begin(MLflowRun(
                experiment: tracking.experiment, name: Self.name(of: folder), key: UUID().uuidString.filter { $0 != "-" }.lowercased(), time: now,
                parameters: (values.map { ($0.name, $0.text) } + counts).map { .init($0.0, $0.1) },
                tags: [.init("mlflow.source.name", "vptsp"), .init("mlflow.source.type", "LOCAL"), .init("vptsp.run", folder.path)],
                files: files.map { .init($0.0, $0.1) })))
            spool = opened
            isDone = false
            let thread = Thread { [self] in work() }
            thread.name = "mlflow"
            thread.start()
        }
    }

    /// The run's folder; in a cell of a sweep, where all are called alike, the cell's before it.
    private static func name(of folder: RunFolder) -> String {
        let parts = folder.path.split(separator: "/").map(String.init)
        let isCell = parts.count >= 4 && parts[parts.count - 4] == "cells"
        return (isCell ? parts[parts.count - 3] + "/" : "") + (parts.last ?? "run")
    }

    func add(_ figures: TrackedFigures, at time: Double) {
        keeping {
            guard let spool, !spool.knows(figures) else { return }
            let metrics = figures.figures.map { MLflowMetric(key: $0.name, value: $0.value, timestamp: Self.milliseconds(time), step: figures.steps) }
            try spool.append(.metrics(metrics, kind: figures.kind, epoch: figures.epoch))
        }
    }

    func end(_ outcome: TrainingOutcome?) {
        let status: MLflowStatus = outcome.map { $0.isComplete ? .finished : .killed } ?? .failed
        keeping { try spool?.append(.status(status, time: Self.milliseconds(Date().timeIntervalSince1970))) }
        condition.lock()
        defer { condition.unlock() }
        isEnding = true
        condition.broadcast()
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        while !isDone, condition.wait(until: deadline) {}
        guard let spool else { return }
        if let dropped = spool.dropped {
            notices.append("mlflow: \(dropped.count) steps from step \(dropped.first) to \(dropped.last) found no room in the spool and are dropped; events.jsonl has them")
        }
        guard !spool.isEmpty, let count = try? spool.waiting() else { return }
        notices.append("mlflow: \(count) messages wait in \(folder.path)/mlflow.jsonl\(failure.map { " (\($0))" } ?? ""): `sync \"\(folder.path)\"` sends them")
        self.spool = nil
    }

    func takeNotices() -> [String] {
        condition.lock()
        defer { condition.unlock() }
        defer { notices = [] }
        return notices
    }

    /// Changes the spool; one that cannot be kept is given up, and said.
    private func keeping(_ body: () throws -> Void) {
        condition.lock()
        defer { condition.unlock() }
        do {
            try body()
            condition.broadcast()
        } catch {
            spool = nil
            notices.append("mlflow: \(folder.path)/mlflow.jsonl cannot be kept (\(describe(error))): MLflow hears no more of this run; events.jsonl has all figures")
        }
    }

    // MARK: The thread

    private func work() {
        var wait = 0.0
        while let (items, run) = nextItems() {
            do {
                guard let told = try sender.tell(items, run: run) else { continue }
                advance(told)
                wait = 0
                pause(Self.pace)
            } catch {
                guard goesOn(after: error) else { break }
                wait = min(max(1, 2 * wait), Self.longestWait)
                pause(wait)
            }
        }
        condition.lock()
        isDone = true
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for something to tell; nil when nothing more will come.
    private func nextItems() -> (items: [(item: MLflowSpool.Item, end: Int)], run: String?)? {
        condition.lock()
        defer { condition.unlock() }
        while let spool {
            if !spool.isEmpty {
                guard let items = try? spool.next(limit: MLflowSender.metricsAtOnce), !items.isEmpty else { return nil }
                return (items, spool.state.run)
            }
            if isEnding { return nil }
            condition.wait()
        }
        return nil
    }

    private func advance(_ told: MLflowSender.Told) {
        keeping {
            try spool?.advance(to: told.end, run: told.run)
            if let refusal = told.refusal {
                notices.append("mlflow: \(told.metrics > 0 ? "\(told.metrics) figures" : "the run's end") were refused and are dropped: \(refusal)")
            }
            if isDown { notices.append("mlflow: \(tracking.mlflow ?? "") answers again and is told what it missed") }
            isDown = false
            failure = nil
        }
    }

    /// Whether another attempt makes sense.
    private func goesOn(after error: any Error) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        failure = "\(error)"
        guard (error as? MLflowError)?.mayPass ?? false else {
            notices.append("mlflow: \(error); figures are kept in \(folder.path)/mlflow.jsonl")
            return false
        }
        if !isDown, !isEnding { notices.append("mlflow: \(error); training goes on, and it is told later") }
        isDown = true
        // In the end one attempt is enough: what is down stays for `sync`.
        return !isEnding
    }

    private func pause(_ seconds: Double) {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: seconds)
        while !isEnding, condition.wait(until: end) {}
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int(seconds * 1000) }
}
