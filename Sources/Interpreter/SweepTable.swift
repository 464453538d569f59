internal import Reporting
internal import Sweeps
internal import VPSAnalysis
internal import VPSSyntax

/// A sweep's summary as a table to read, as files, and as records of the language.
struct SweepTable {
    /// Figures that say how much was done, not how well: they stand in the files, not in the table.
    private static let accounts: Set<String> = ["epochs", "steps", "minutes", "parameters", "queries"]
    /// Columns of figures in the table.
    private static let widest = 6

    let summary: SweepSummary

    init(_ summary: SweepSummary) { self.summary = summary }

    /// The figure that rows are ranked by first.
    private var shownFigures: [String] {
        let others = summary.figures.filter { $0 != summary.rankedBy && !Self.accounts.contains($0) }
        let ranked = summary.rankedBy.map { rank in summary.figures.contains(rank) ? [rank] : [] } ?? []
        return Array((ranked + others).prefix(Self.widest))
    }

    func text(isUnicode: Bool) -> String {
        let hasSeeds = summary.rows.contains { $0.done.count + $0.failed > 1 }
        let hasFailures = summary.rows.contains { $0.failed > 0 }
        let figures = shownFigures
        let isPruned = summary.rows.contains { $0.done.contains { !$0.isWhole } }
        var columns = [TextTable.Column("rank")] + summary.names.map { TextTable.Column($0) }
        columns += figures.map { TextTable.Column($0, decimals: 4) }
        if isPruned { columns.append(TextTable.Column("epochs", decimals: 0)) }
        if hasSeeds { columns.append(TextTable.Column("seeds")) }
        if hasFailures { columns.append(TextTable.Column("failed")) }
        var table = TextTable(columns)
        for row in summary.rows {
            var cells: [TextTable.Cell] = [row.rank.map { .count($0) } ?? .missing]
            cells += summary.names.map { name in row.values.first { $0.name == name }.map { .text($0.text) } ?? .missing }
            cells += figures.map { figure in
                let values = row.figures(figure)
                return values.isEmpty ? .missing : .spread(MeanSpread(values))
            }
            if isPruned { cells.append(row.figures("epochs").max().map { .number($0) } ?? .missing) }
            if hasSeeds { cells.append(.count(row.done.count)) }
            if hasFailures { cells.append(.count(row.failed)) }
            table.add(cells)
        }
        return table.render(isUnicode: isUnicode)
    }

    /// A row for each combination: mean and spread of every figure.
    private func combinations() -> String {
        var table = CSVTable(header: ["rank"] + summary.names + ["seeds", "failed"] + summary.figures.flatMap { [$0, "\($0)-spread"] })
        for row in summary.rows {
            var fields = [row.rank.map(String.init) ?? ""]
            fields += summary.names.map { name in row.values.first { $0.name == name }?.text ?? "" }
            fields += ["\(row.done.count)", "\(row.failed)"]
            for figure in summary.figures {
                let values = row.figures(figure)
                let measured = MeanSpread(values)
                fields += [values.isEmpty ? "" : "\(measured.mean)", measured.spread.map { "\($0)" } ?? ""]
            }
            table.add(fields)
        }
        return table.text
    }

    /// Writes both tables into the sweep's folder.
    func write(_ results: [(cell: SweepCell, result: CellResult)], to folder: SweepFolder) throws {
        try folder.write(allCells(results, folder: folder), to: folder.cellTablePath)
        try folder.write(combinations(), to: folder.tablePath)
    }

    /// A row for each cell.
    private func allCells(_ results: [(cell: SweepCell, result: CellResult)], folder: SweepFolder) -> String {
        var table = CSVTable(header: ["cell"] + summary.names + ["seed", "status"] + summary.figures + ["seconds", "folder"])
        for (cell, result) in results {
            var fields = [String(cell.hash.prefix(16))]
            fields += summary.names.map { name in cell.values.first { $0.name == name }?.text ?? "" }
            fields += ["\(cell.seed)", result.status.rawValue] + summary.figures.map { result.figure($0).map { "\($0)" } ?? "" }
            fields += ["\(result.seconds)", folder.cellPath(cell.hash)]
            table.add(fields)
        }
        return table.text
    }

    /// A record a row: the values, the figures' means and spreads, `seeds`, `failed`, `rank`.
    var records: Value {
        .list(of: summary.rows.map { row in
            var fields: [(String, Value)] = row.values.map { ($0.name, Self.value(of: $0.text)) }
            for figure in summary.figures {
                let values = row.figures(figure)
                guard !values.isEmpty else { continue }
                let measured = MeanSpread(values)
                fields.append((figure, .number(measured.mean)))
                if let spread = measured.spread { fields.append(("\(figure)-spread", .number(spread))) }
            }
            fields += [("seeds", .integer(row.done.count)), ("failed", .integer(row.failed))]
            if let rank = row.rank { fields.append(("rank", .integer(rank))) }
            return .record(Record(fields))
        })
    }

    private static func value(of text: String) -> Value {
        let (expression, diagnostics) = Parser.parseValue(Array(text.utf8), file: 0)
        guard diagnostics.isEmpty, let value = try? Evaluator.value(of: expression, in: Scope()) else { return .text(text) }
        return value
    }
}
