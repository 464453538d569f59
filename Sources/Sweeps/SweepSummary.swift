/// The cells of a sweep put together: a row for each combination of values, over its seeds.
public struct SweepSummary: Sendable {
    public struct Row: Sendable {
        /// Of the combination, from 0.
        public var setting: Int
        public var values: [SweepCell.Value]
        /// Cells that ran to their end, in the order of the seeds.
        public var done: [CellResult]
        public var failed: Int
        /// 1 for the best; nil where the figure was not measured.
        public var rank: Int?

        /// A figure of each seed that has it.
        public func figures(_ name: String) -> [Double] { done.compactMap { $0.figure(name) } }
    }

    /// In the order of the combinations.
    public private(set) var rows: [Row] = []
    /// Names that values have in some row, in the order of first mention.
    public let names: [String]
    /// Figures that some cell has, in the order of first mention.
    public let figures: [String]
    /// The figure that rows are ranked by; nil where none can be.
    public let rankedBy: String?

    /// - Parameters:
    ///   - rank: the figure to rank by; nil chooses recall@1 where it was measured, else loss. Rows that trained for more
    ///     epochs come first where not all were trained to their end.
    public init(_ results: [(cell: SweepCell, result: CellResult)], rank: String?) {
        var places: [Int: Int] = [:]
        for (cell, result) in results {
            let place = places[cell.setting] ?? rows.count
            if place == rows.count {
                places[cell.setting] = place
                rows.append(Row(setting: cell.setting, values: cell.values, done: [], failed: 0))
            }
            if result.status == .done { rows[place].done.append(result) } else { rows[place].failed += 1 }
        }
        rows.sort { $0.setting < $1.setting }
        names = Self.unique(rows.flatMap { $0.values.map(\.name) })
        let figures = Self.unique(rows.flatMap { $0.done.flatMap { $0.figures.map(\.name) } })
        self.figures = figures
        rankedBy = rank ?? ["recall@1", "loss"].first { figures.contains($0) }
        setRanks()
    }

    /// Whether smaller values of a figure are better ones.
    public static func isBetterSmaller(_ figure: String) -> Bool { ["loss", "minutes"].contains(figure) }

    private mutating func setRanks() {
        guard let rankedBy else { return }
        let isPruned = rows.contains { $0.done.contains { !$0.isWhole } }
        let scores = rows.indices.compactMap { index -> (index: Int, epochs: Double, score: Double)? in
            let values = rows[index].figures(rankedBy)
            let mean = values.reduce(0, +) / Double(values.count)
            guard mean.isFinite else { return nil }
            return (index, isPruned ? rows[index].figures("epochs").max() ?? 0 : 0, Self.isBetterSmaller(rankedBy) ? -mean : mean)
        }
        let ordered = scores.sorted { ($1.epochs, $1.score, $0.index) < ($0.epochs, $0.score, $1.index) }
        for (rank, entry) in ordered.enumerated() { rows[entry.index].rank = rank + 1 }
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
