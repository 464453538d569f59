extension Chart {
    /// The chart in characters, each line ended by a line feed: dots of Braille where the terminal has them, else one
    /// character a point. Without colours, several series are told apart by their characters.
    /// - Parameters:
    ///   - width: columns, at least 24; lines are no wider.
    ///   - height: lines of the plot itself, at least 3.
    public func text(width: Int = 80, height: Int = 16, isUnicode: Bool = true, isColor: Bool = false) -> String {
        let (width, height) = (max(width, 24), max(height, 3))
        // What is faint would fill the height.
        let drawn = named.isEmpty ? series : series.filter { $0.style != .faint }
        let points = drawn.flatMap(\.points).filter(isShown)
        guard !points.isEmpty else { return "\(title): nothing to show\n" }
        let yAxis = ChartAxis(points.map(\.y), isLogarithmic: isLogarithmic, ticks: max(2, height / 4))
        let margin = yAxis.ticks.map(\.label.count).max() ?? 0
        let columns = max(8, width - margin - 2)
        let xAxis = ChartAxis(points.map(\.x), ticks: max(1, columns / 12), isTight: true, isCount: true)
        let usesBraille = isUnicode && (isColor || named.count < 2)
        var canvas = CharacterCanvas(columns: columns, rows: height, usesBraille: usesBraille)
        for (number, series) in drawn.enumerated() {
            for line in lines(of: series) {
                // More points than dots would fill the height between the lowest and the highest of a column.
                canvas.draw(Self.thinned(line, to: canvas.width).map { (xAxis.place($0.x), yAxis.place($0.y)) }, series: number)
            }
        }
        let signs = usesBraille ? nil : Self.signs
        var lines = [title + (yTitle.isEmpty || yTitle == title ? "" : "  (\(yTitle))")]
        if named.count > 1 { lines += Self.keys(drawn, width: width, signs: signs, isColor: isColor) }
        let marks = Dictionary(yAxis.ticks.map { (canvas.row(yAxis.place($0.value)), $0.label) }, uniquingKeysWith: { first, _ in first })
        for row in 0..<height {
            let label = marks[row] ?? ""
            let edge = isUnicode ? (marks[row] == nil ? "│" : "┤") : (marks[row] == nil ? "|" : "+")
            let body = canvas.line(row, signs: signs) { number, text in isColor ? Self.colored(text, drawn[number].color) : text }
            lines.append(String(repeating: " ", count: margin - label.count) + label + " " + edge + body)
        }
        lines += floor(xAxis, columns: columns, margin: margin, isUnicode: isUnicode)
        return lines.map { $0 + "\n" }.joined()
    }

    private static let signs: [Character] = ["*", "o", "+", "x", "#", "@", "%", "="]
    private static let colors = [34, 33, 32, 35, 36, 31, 94, 91]

    private static func colored(_ text: String, _ color: Int) -> String { "\u{1B}[\(colors[ChartPalette.index(color)])m\(text)\u{1B}[0m" }

    private static func keys(_ drawn: [Series], width: Int, signs: [Character]?, isColor: Bool) -> [String] {
        var lines: [String] = []
        var (line, room) = ("", 0)
        for (number, one) in drawn.enumerated() where !one.name.isEmpty {
            let sign = signs.map { String($0[number % $0.count]) } ?? "━"
            let piece = "  \(isColor ? colored(sign, one.color) : sign) \(one.name)"
            if room > 0, room + one.name.count + 4 > width {
                lines.append(line)
                (line, room) = ("", 0)
            }
            line += piece
            room += one.name.count + 4
        }
        return lines + [line]
    }

    /// The lower edge with its marks, and what it counts.
    private func floor(_ axis: ChartAxis, columns: Int, margin: Int, isUnicode: Bool) -> [String] {
        var edge = [Character](repeating: isUnicode ? "─" : "-", count: columns)
        var labels = [Character](repeating: " ", count: columns + 1)
        var free = 0
        for tick in axis.ticks {
            let column = min(columns - 1, max(0, Int((axis.place(tick.value) * Double(columns - 1)).rounded())))
            let start = min(max(0, column + 1 - tick.label.count / 2), columns + 1 - tick.label.count)
            guard start >= free else { continue }
            edge[column] = isUnicode ? "┬" : "+"
            labels.replaceSubrange(start..<start + tick.label.count, with: Array(tick.label))
            free = start + tick.label.count + 1
        }
        let space = String(repeating: " ", count: margin + 1)
        let title = String(repeating: " ", count: max(0, margin + 2 + (columns - xTitle.count) / 2)) + xTitle
        return [space + (isUnicode ? "└" : "+") + String(edge), (space + String(labels)).trimmingTail(), title]
    }
}

/// Cells of a terminal that lines are drawn into: 2 x 4 dots a cell with Braille, else one.
struct CharacterCanvas {
    let columns, rows: Int
    private let usesBraille: Bool
    private var dots: [UInt8]
    /// The series that drew into a cell last.
    private var owners: [Int]

    /// Dots across and down.
    var width: Int { usesBraille ? columns * 2 : columns }
    var height: Int { usesBraille ? rows * 4 : rows }

    init(columns: Int, rows: Int, usesBraille: Bool) {
        (self.columns, self.rows, self.usesBraille) = (columns, rows, usesBraille)
        dots = [UInt8](repeating: 0, count: columns * rows)
        owners = [Int](repeating: 0, count: columns * rows)
    }

    /// The row of cells in which a height from 0 to 1 lies.
    func row(_ place: Double) -> Int { down(place) * rows / height }

    private func down(_ place: Double) -> Int { min(height - 1, max(0, Int(((1 - place) * Double(height - 1)).rounded()))) }
    private func across(_ place: Double) -> Int { min(width - 1, max(0, Int((place * Double(width - 1)).rounded()))) }

    /// A line through places from 0 to 1.
    mutating func draw(_ places: [(x: Double, y: Double)], series: Int) {
        let dots = places.map { (x: across($0.x), y: down($0.y)) }
        if let only = dots.first { set(only.x, only.y, series) }
        for (from, to) in zip(dots, dots.dropFirst()) {
            let steps = max(abs(to.x - from.x), abs(to.y - from.y))
            guard steps > 0 else { continue }
            for step in 0...steps {
                let share = Double(step) / Double(steps)
                set(from.x + Int((Double(to.x - from.x) * share).rounded()), from.y + Int((Double(to.y - from.y) * share).rounded()), series)
            }
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ series: Int) {
        let cell = usesBraille ? y / 4 * columns + x / 2 : y * columns + x
        // Unicode numbers the dots of a Braille cell down its two columns, the fourth row last.
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        dots[cell] |= usesBraille ? bits[y % 4][x % 2] : 1
        owners[cell] = series
    }

    /// A row of cells without trailing blanks.
    func line(_ row: Int, signs: [Character]?, paint: (_ series: Int, String) -> String) -> String {
        let cells = dots[row * columns..<(row + 1) * columns]
        guard let last = cells.lastIndex(where: { $0 != 0 }) else { return "" }
        var (text, run, owner) = ("", "", -1)
        func finished() -> String { owner >= 0 ? paint(owner, run) : run }
        for cell in cells.startIndex...last {
            let next = dots[cell] == 0 ? -1 : owners[cell]
            if next != owner {
                text += finished()
                (run, owner) = ("", next)
            }
            if next < 0 { run += " " } else if let signs { run.append(signs[next % signs.count]) } else {
                run.unicodeScalars.append(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
            }
        }
        return text + finished()
    }
}

extension String {
    fileprivate func trimmingTail() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
