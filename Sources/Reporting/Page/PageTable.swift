/// A table of a page; figures may carry an interval, which is drawn beside them.
public struct PageTable: Sendable {
    public enum Cell: Sendable {
        case text(String)
        /// Set right.
        case number(String)
        /// A figure with the ends of its interval.
        case interval(Double, low: Double, high: Double)
        case missing
    }

    public var caption: String
    public var columns: [String]
    public var rows: [[Cell]]
    /// Colours of the rows' runs, as in the charts; empty for none.
    public var rowColors: [Int]

    public init(_ caption: String = "", columns: [String], rows: [[Cell]] = [], rowColors: [Int] = []) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.rowColors = rowColors
    }

    func html() -> String {
        let isNumber = columns.indices.map { column in
            rows.contains { row in
                guard column < row.count else { return false }
                switch row[column] {
                case .number, .interval: return true
                case .text, .missing: return false
                }
            }
        }
        let head = zip(columns, isNumber).map { "<th scope=\"col\"\($1 ? " class=\"n\"" : "")>\(HTML.escaped($0))</th>" }.joined()
        let body = rows.enumerated().map { number, row in
            let cells = columns.indices.map { column in cell(column < row.count ? row[column] : .missing, column, number: number, isNumber: isNumber[column]) }
            return "<tr>\(cells.joined())</tr>"
        }
        let caption = caption.isEmpty ? "" : "<caption>\(HTML.escaped(caption))</caption>"
        return "<div class=\"scroll\"><table>\(caption)<thead><tr>\(head)</tr></thead><tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
    }

    private func cell(_ cell: Cell, _ column: Int, number: Int, isNumber: Bool) -> String {
        let mark = column == 0 && number < rowColors.count ? "<i class=\"swatch b\(ChartPalette.index(rowColors[number]))\"></i>" : ""
        switch cell {
        case .text(let text): return "<td>\(mark)\(HTML.escaped(text))</td>"
        case .number(let text): return "<td class=\"n\">\(HTML.escaped(text))</td>"
        case .missing: return "<td\(isNumber ? " class=\"n\"" : "")>–</td>"
        case .interval(let value, let low, let high):
            return "<td class=\"n\">\(NumberText.fixed(value, decimals: 2)) <small>\(NumberText.fixed(low, decimals: 1))–\(NumberText.fixed(high, decimals: 1))</small>\(whisker(value, low, high, column))</td>"
        }
    }

    /// The interval as a line on the range that all intervals of the column span.
    private func whisker(_ value: Double, _ low: Double, _ high: Double, _ column: Int) -> String {
        let all = rows.compactMap { row -> ClosedRange<Double>? in
            guard column < row.count, case .interval(_, let low, let high) = row[column], low <= high else { return nil }
            return low...high
        }
        guard let least = all.map(\.lowerBound).min(), let most = all.map(\.upperBound).max(), most > least, all.count > 1 else { return "" }
        func place(_ value: Double) -> String { NumberText.fixed((value - least) / (most - least) * 92 + 4, decimals: 1) }
        return "<svg class=\"whisker\" viewBox=\"0 0 100 8\" aria-hidden=\"true\"><path d=\"M\(place(low)) 4H\(place(high))\"/><circle cx=\"\(place(value))\" cy=\"4\" r=\"3\"/></svg>"
    }
}
