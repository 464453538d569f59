internal import Foundation
internal import Interchange
internal import TensorFiles

/// What MLflow is still to be told of a run: `mlflow.jsonl` in its folder, a line an item in their order, and how far that got, in
/// `mlflow.json`. Survives the process. What is sent is removed once nothing is left.
final class MLflowSpool {
    /// One thing to tell.
    enum Item: Codable, Equatable {
        case begin(MLflowRun)
        case metrics([MLflowMetric], kind: TrackedFigures.Kind, epoch: Int)
        case status(MLflowStatus, time: Int)
    }

    /// Beside the spool.
    struct State: Codable, Equatable {
        var store: String
        var experiment: String
        /// MLflow's; nil before it has answered.
        var run: String?
        /// Bytes of the spool that were sent.
        var sent = 0
        /// Counts that were put into the spool: steps, epochs, epochs with an evaluation.
        var steps = 0, epochs = 0, evaluations = 0
    }

    /// Bytes of waiting step figures: some 50,000 steps. Epochs, evaluations and the end go in beyond that.
    static let capacity = 16 << 20

    private let path: String
    private let statePath: String
    private let capacity: Int
    private(set) var state: State
    private var size = 0
    /// Steps that found no room.
    private(set) var dropped: (count: Int, first: Int, last: Int)?
    /// Items that belonged to another store and were let go.
    private(set) var abandoned = 0

    /// Opens the spool of a run, or begins one.
    /// - Throws: when it cannot be read; ``ExperimentError`` for one that is damaged.
    init(folder: RunFolder, store: String, experiment: String, capacity: Int = MLflowSpool.capacity) throws {
        self.capacity = capacity
        path = folder.path + "/mlflow.jsonl"
        statePath = folder.path + "/mlflow.json"
        state = State(store: store, experiment: experiment)
        if let kept = try Self.state(of: folder) {
            if kept.store == store, kept.experiment == experiment {
                state = kept
            } else {
                abandoned = try lines(from: kept.sent)
                try Data().write(to: URL(fileURLWithPath: path))
            }
        }
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        size = try Int(FileHandle(forReadingFrom: URL(fileURLWithPath: path)).seekToEnd())
        // A crash may have cut the last line off.
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        if let last = text.last, last != UInt8(ascii: "\n") {
            size = (text.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
            try FileHandle(forUpdating: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(size))
        }
        state.sent = min(state.sent, size)
        for (item, _) in try items(from: state.sent, limit: .max) { note(item) }
        try saveState()
    }

    /// Nil for a run that MLflow was never to be told of.
    static func state(of folder: RunFolder) throws -> State? {
        let path = folder.path + "/mlflow.json"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try JSONFile.decode(State.self, from: Array(Data(contentsOf: URL(fileURLWithPath: path))), name: path)
    }

    var isEmpty: Bool { state.sent >= size }

    /// Items that wait.
    func waiting() throws -> Int { try lines(from: state.sent) }

    /// Whether a former process has told it already: training that is taken up from a checkpoint makes the same figures again.
    func knows(_ figures: TrackedFigures) -> Bool {
        switch figures.kind {
        case .step: figures.steps <= state.steps
        case .epoch: figures.epoch < state.epochs
        case .evaluation: figures.epoch < state.evaluations
        }
    }

    func append(_ item: Item) throws {
        let line = try JSONFile.encode(item) + [UInt8(ascii: "\n")]
        if case .metrics(let metrics, .step, _) = item, size - state.sent + line.count > capacity {
            let step = metrics.first?.step ?? 0
            dropped = (count: (dropped?.count ?? 0) + 1, first: dropped?.first ?? step, last: step)
            return
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(size))
        try file.write(contentsOf: line)
        size += line.count
        note(item)
    }

    /// The items that wait, from the first on, and the place behind each.
    func next(limit: Int) throws -> [(item: Item, end: Int)] { try items(from: state.sent, limit: limit) }

    /// Everything before `end` is told.
    func advance(to end: Int, run: String?) throws {
        state.sent = end
        if let run { state.run = run }
        if isEmpty {
            try FileHandle(forUpdating: URL(fileURLWithPath: path)).truncate(atOffset: 0)
            (state.sent, size) = (0, 0)
        }
        try saveState()
    }

    /// Counts what went into the spool.
    private func note(_ item: Item) {
        guard case .metrics(let metrics, let kind, let epoch) = item else { return }
        switch kind {
        case .step: state.steps = max(state.steps, metrics.map(\.step).max() ?? 0)
        case .epoch: state.epochs = max(state.epochs, epoch + 1)
        case .evaluation: state.evaluations = max(state.evaluations, epoch + 1)
        }
    }

    private func saveState() throws { try AtomicFile.write(JSONFile.encode(state, pretty: true) + [UInt8(ascii: "\n")], to: statePath) }

    /// Bytes that one look at the spool takes.
    private static let window = 1 << 20

    private func lines(from start: Int) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(start))
        return try file.readToEnd()?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }

    private func items(from start: Int, limit: Int) throws -> [(item: Item, end: Int)] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(start))
        var data = try (limit == .max ? file.readToEnd() : file.read(upToCount: Self.window)) ?? Data()
        if !data.contains(UInt8(ascii: "\n")) { data += try file.readToEnd() ?? Data() }
        var (items, place, rest): ([(Item, Int)], Int, Data) = ([], start, data)
        while items.count < limit, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            place += rest.distance(from: rest.startIndex, to: end) + 1
            items.append((try JSONFile.decode(Item.self, from: Array(rest[..<end]), name: path), place))
            rest = rest[rest.index(after: end)...]
        }
        return items.map { (item: $0.0, end: $0.1) }
    }
}
