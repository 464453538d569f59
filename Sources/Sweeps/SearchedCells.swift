/// Cells whose values a search chooses from what earlier ones came to. A trial is one point with all its seeds.
///
/// With one job a trial is chosen when all before it are over. With several it is chosen from those that are over by then,
/// so that the cells depend on how long each took.
public final class SearchedCells: CellSource {
    private struct Trial {
        let point: [Double]
        var open: Set<String>
        var scores: [Double] = []
        var hasFailed = false
    }

    private let search: TreeParzenSearch
    private let count: Int
    private let loss: (CellResult) -> Double?
    private let cells: (_ trial: Int, _ point: [Double]) throws -> [SweepCell]
    private var trials: [Trial] = []
    private var waiting: [SweepCell] = []

    /// - Parameters:
    ///   - count: of trials.
    ///   - loss: what a cell's result is worth, the smaller the better; nil when it lacks the figure.
    ///   - cells: makes the cells of a trial.
    public init(
        _ search: TreeParzenSearch, count: Int, loss: @escaping (CellResult) -> Double?,
        cells: @escaping (_ trial: Int, _ point: [Double]) throws -> [SweepCell]
    ) {
        self.search = search
        self.count = count
        self.loss = loss
        self.cells = cells
    }

    public func next() throws -> NextCell {
        if waiting.isEmpty, trials.count < count {
            let past = trials.filter { $0.open.isEmpty && !$0.hasFailed && !$0.scores.isEmpty }.map { trial in
                TreeParzenSearch.Trial(point: trial.point, loss: trial.scores.reduce(0, +) / Double(trial.scores.count))
            }
            let point = search.point(trials.count, after: past)
            waiting = try cells(trials.count, point)
            trials.append(Trial(point: point, open: Set(waiting.map(\.hash))))
        }
        return waiting.isEmpty ? .none : .run(waiting.removeFirst(), epochs: nil)
    }

    public func finished(_ cell: SweepCell, _ result: CellResult) {
        for index in trials.indices where trials[index].open.remove(cell.hash) != nil {
            if result.status == .done, let loss = loss(result) { trials[index].scores.append(loss) } else { trials[index].hasFailed = true }
        }
    }
}
