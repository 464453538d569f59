/// What is said to a worker: one JSON object a line.
public struct WorkerOrder: Codable, Sendable {
    public var cell: SweepCell
    /// Epochs after which each of its trainings ends, however many it asks for; nil for no such limit.
    public var epochs: Int?

    public init(cell: SweepCell, epochs: Int?) {
        self.cell = cell
        self.epochs = epochs
    }
}

/// What a worker says: one JSON object a line.
public enum WorkerMessage: Codable, Sendable {
    /// Where its cell stands: steps done of those wanted in the training at hand, and the loss.
    case progress(done: Int, total: Int, loss: Double)
    /// The cell is over, and its result is on disk.
    case finished(CellResult)
    /// The cell was stopped at a safe point; run again, it goes on from there.
    case stopped
}
