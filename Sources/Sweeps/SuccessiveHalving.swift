/// Asynchronous successive halving over epochs (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning,
/// algorithm 2): every cell trains for the epochs of the first rung; the best 1/factor of those that stand on a rung go on
/// to the next, which has factor times as many epochs, and so on until they are trained to their end.
///
/// Whoever is free promotes a cell where one may go on, from the highest rung down, else begins a new one. With one job the
/// order, and so the result, follows from the figures alone.
public final class SuccessiveHalving: CellSource {
    private let first: Int
    private let factor: Int
    private let loss: (CellResult) -> Double?
    private var fresh: ArraySlice<SweepCell>
    /// What stands on each rung, with its loss; infinite where it failed or lacks the figure.
    private var rungs: [[(cell: SweepCell, loss: Double, isOver: Bool)]] = []
    private var promoted: [Set<String>] = []
    /// By cell, the rung that it runs on.
    private var running: [String: Int] = [:]

    /// - Parameters:
    ///   - first: epochs of the first rung, at least 1.
    ///   - factor: at least 2.
    ///   - loss: what a cell's result is worth, the smaller the better; nil when it lacks the figure.
    public init(_ cells: [SweepCell], first: Int, factor: Int, loss: @escaping (CellResult) -> Double?) {
        var seen: Set<String> = []
        fresh = cells.filter { seen.insert($0.hash).inserted }[...]
        self.first = max(first, 1)
        self.factor = max(factor, 2)
        self.loss = loss
    }

    public func next() -> NextCell {
        for rung in rungs.indices.reversed() {
            guard let cell = promotable(rung) else { continue }
            promoted[rung].insert(cell.hash)
            return run(cell, rung + 1)
        }
        if let cell = fresh.popFirst() { return run(cell, 0) }
        return running.isEmpty ? .none : .wait
    }

    public func finished(_ cell: SweepCell, _ result: CellResult) {
        guard let rung = running.removeValue(forKey: cell.hash) else { return }
        let loss = result.status == .done ? loss(result).map { $0.isNaN ? .infinity : $0 } : nil
        rungs[rung].append((cell, loss ?? .infinity, result.isWhole || result.status == .failed))
    }

    private func run(_ cell: SweepCell, _ rung: Int) -> NextCell {
        while rungs.count <= rung {
            rungs.append([])
            promoted.append([])
        }
        running[cell.hash] = rung
        return .run(cell, epochs: epochs(rung))
    }

    /// The best that is among the first `count / factor` of its rung and has not gone on. One that is trained to its end
    /// takes its place among them but has nowhere to go.
    private func promotable(_ rung: Int) -> SweepCell? {
        let standing = rungs[rung]
        let order = standing.indices.sorted { (standing[$0].loss, $0) < (standing[$1].loss, $1) }
        for index in order.prefix(standing.count / factor) {
            let entry = standing[index]
            if !entry.isOver, entry.loss.isFinite, !promoted[rung].contains(entry.cell.hash) { return entry.cell }
        }
        return nil
    }

    /// `first`, `first * factor`, `first * factor^2`, …
    private func epochs(_ rung: Int) -> Int {
        var epochs = first
        for _ in 0..<rung {
            let (product, overflows) = epochs.multipliedReportingOverflow(by: factor)
            if overflows { return .max }
            epochs = product
        }
        return epochs
    }
}
