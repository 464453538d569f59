/// A table in plain text, columns aligned, units in the header:
///
///     method        R@1 [%]    trained
///     --------------------------------
///     frozen   49.38                 0
///     VPTSP-G  53.12 ± 0.42  1,459,584
///
/// Numbers of one column stand with their points under each other, whether they carry a spread or not.
public struct TextTable: Sendable {
    public struct Column: Sendable {
        public let title: String
        public let unit: String?
        /// Digits after the point for the column's numbers.
        public let decimals: Int

        public init(_ title: String, unit: String? = nil, decimals: Int = 2) {
            self.title = title
            self.unit = unit
            self.decimals = decimals
        }

        var header: String { unit.map { "\(title) [\($0)]" } ?? title }
    }

    public enum Cell: Sendable {
        case text(String)
        case number(Double)
        /// Grouped by thousands.
        case count(Int)
        case spread(MeanSpread)
        /// Nothing was measured.
        case missing
    }

    /// A cell's text, split where the column aligns: `head` ends and `tail` begins there.
    private struct Piece {
        var head = ""
        var tail = ""
        var isText = false
    }

    public let columns: [Column]
    private var rows: [[Cell]] = []

    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Appends a row; cells left out are missing, cells beyond the last column are not shown.
    public mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    /// The lines of the table, each ended by a line feed and without trailing blanks.
    /// - Parameter isUnicode: write `±` and `–`; else `+-` and `-`.
    public func render(isUnicode: Bool = true) -> String {
        let rendered = columns.indices.map { index in
            Self.align(
                header: columns[index].header,
                pieces: rows.map { Self.piece(index < $0.count ? $0[index] : .missing, columns[index], isUnicode) }
            )
        }
        var lines = (0..<rows.count + 1).map { row in
            rendered.map { $0[row] }.joined(separator: "  ").trimmingTrailingSpaces()
        }
        let width = rendered.reduce(max(0, rendered.count - 1) * 2) { $0 + ($1.first?.count ?? 0) }
        lines.insert(String(repeating: "-", count: width), at: 1)
        return lines.map { $0 + "\n" }.joined()
    }

    /// The same as a Markdown table.
    public func renderMarkdown() -> String {
        let body = rows.map { row in
            columns.indices.map { index in
                let piece = Self.piece(index < row.count ? row[index] : .missing, columns[index], true)
                return (piece.head + piece.tail).replacing("|", with: "\\|")
            }
        }
        let lines = [columns.map(\.header), columns.map { _ in "---" }] + body
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    private static func piece(_ cell: Cell, _ column: Column, _ isUnicode: Bool) -> Piece {
        switch cell {
        case .text(let text): Piece(head: text, isText: true)
        case .number(let value): Piece(head: NumberText.fixed(value, decimals: column.decimals))
        case .count(let value): Piece(head: NumberText.grouped(value))
        case .missing: Piece(head: isUnicode ? "–" : "-")
        case .spread(let value):
            Piece(
                head: NumberText.fixed(value.mean, decimals: column.decimals),
                tail: value.spread.map { (isUnicode ? " ± " : " +- ") + NumberText.fixed($0, decimals: column.decimals) } ?? ""
            )
        }
    }

    /// Header and cells of one column, all equally wide. Text is set left, numbers right.
    private static func align(header: String, pieces: [Piece]) -> [String] {
        let isText = pieces.contains { $0.isText }
        let headWidth = pieces.filter { !$0.isText }.map(\.head.count).max() ?? 0
        let tailWidth = pieces.map(\.tail.count).max() ?? 0
        let bodies = pieces.map { piece in
            piece.isText
                ? piece.head
                : piece.head.padded(left: headWidth) + piece.tail.padded(right: tailWidth)
        }
        let width = max(header.count, bodies.map(\.count).max() ?? 0)
        return ([header] + bodies).map { isText ? $0.padded(right: width) : $0.padded(left: width) }
    }
}

extension String {
    fileprivate func padded(left width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    fileprivate func padded(right width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate func trimmingTrailingSpaces() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
