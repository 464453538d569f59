/// Turns a diagnostic into text:
///
///     error[VPS203]: `proxies` has no option `aplha`
///       --> ablation.vps:7:13
///        |
///      7 | proxies gru aplha=0.3
///        |             ^^^^^ did you mean `alpha`?
///        = help: proxies gru takes alpha, keep, layers, n
public struct DiagnosticRenderer: Sendable {
    private enum Style: String {
        case error = "1;31", warning = "1;33", note = "1;36", gutter = "1;34", plain = "1"
    }

    private let color: Bool

    /// - Parameter color: whether to add ANSI colours.
    public init(color: Bool) {
        self.color = color
    }

    /// The text ends in a line feed. A diagnostic without a span, or of a file that is not in the map, shows no source.
    public func render(_ diagnostic: Diagnostic, in sources: SourceMap) -> String {
        let style = Self.style(of: diagnostic.severity)
        var lines = [
            paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", style) + paint(": \(diagnostic.message.onOneLine)", .plain)
        ]
        var margin = 2
        if let excerpt = excerpt(diagnostic.span, label: diagnostic.label, style: style, in: sources) {
            lines += excerpt.lines
            margin = excerpt.margin
        }
        let indent = String(repeating: " ", count: margin)
        for help in diagnostic.help {
            lines.append(indent + paint("=", .gutter) + " " + paint("help", .plain) + ": " + help.onOneLine)
        }
        for note in diagnostic.notes {
            if let excerpt = excerpt(note.span, label: nil, style: .note, in: sources) {
                lines.append(paint("note", .note) + paint(": \(note.message.onOneLine)", .plain))
                lines += excerpt.lines
            } else {
                lines.append(indent + paint("=", .gutter) + " " + paint("note", .plain) + ": " + note.message.onOneLine)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func style(of severity: Diagnostic.Severity) -> Style {
        switch severity {
        case .error: .error
        case .warning: .warning
        case .note: .note
        }
    }

    private func paint(_ text: String, _ style: Style) -> String {
        color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Place, source line and carets. `margin` is the number of columns before the `|`.
    private func excerpt(
        _ span: SourceSpan?, label: String?, style: Style, in sources: SourceMap
    ) -> (lines: [String], margin: Int)? {
        guard let span, let file = sources[span.file], let place = sources.place(of: span) else { return nil }
        let line = file.line(of: span.lower)
        let number = String(line)
        let margin = String(repeating: " ", count: number.count + 2)
        let source = SourceLine(file: file, line: line, lower: span.lower, upper: span.upper)
        let carets = String(repeating: " ", count: source.column) + paint(String(repeating: "^", count: source.width), style)
        let bar = paint("|", .gutter)
        return (
            [
                String(margin.dropLast()) + paint("-->", .gutter) + " " + place,
                margin + bar,
                (" " + paint(number, .gutter) + " " + bar + " " + source.text).trimmingTrailingBlanks(),
                margin + bar + " " + carets + (label.map { " " + paint($0.onOneLine, style) } ?? ""),
            ], margin.count
        )
    }
}

/// A source line as it is shown: tabs expanded, control characters made visible, a very long line cut around the span.
private struct SourceLine {
    private static let longest = 160
    /// Bytes on either side that are looked at, and of the span: more than are shown, whatever characters they make. What is
    /// further away costs nothing, so that a long line with many mistakes is shown in the time that they take.
    private static let reach = 1_024

    private(set) var text = ""
    /// Columns before the span.
    private(set) var column = 0
    /// Columns of the span on this line, at least 1.
    private(set) var width = 1

    init(file: SourceFile, line: Int, lower: Int, upper: Int) {
        let bounds = file.bounds(ofLine: line)
        let start = min(max(lower, bounds.lowerBound), bounds.upperBound)
        let end = min(max(upper, start), bounds.upperBound)
        var first = max(bounds.lowerBound, start - Self.reach)
        // Not in the middle of a character.
        while first > bounds.lowerBound, first < start, file.text[first] & 0xC0 == 0x80 { first += 1 }
        let before = Self.cells(file.text[first..<start], from: 0)
        let under = Self.cells(file.text[start..<min(end, start + Self.reach)], from: before.count)
        let after = Self.cells(file.text[end..<min(bounds.upperBound, end + Self.reach)], from: before.count + under.count)

        let shownUnder = under.prefix(Self.longest / 2)
        let room = Self.longest - shownUnder.count
        let isLong = before.count + under.count + after.count > Self.longest
        let cutBefore = first > bounds.lowerBound || before.count > room / 2 && isLong
        let shownBefore = cutBefore ? before.suffix(room / 2) : before[...]
        let shownAfter = after.prefix(max(0, Self.longest - shownBefore.count - shownUnder.count))
        text = (cutBefore ? "…" : "") + Self.join(shownBefore) + Self.join(shownUnder)
        if shownUnder.count < under.count || end - start > Self.reach {
            text += "…"
        } else {
            let cutAfter = shownAfter.count < after.count || bounds.upperBound - end > Self.reach
            text += Self.join(shownAfter) + (cutAfter ? "…" : "")
        }
        column = shownBefore.count + (cutBefore ? 1 : 0)
        width = max(1, shownUnder.count)
    }

    /// One element a terminal column; the second column of a wide character is nil.
    private static func cells(_ bytes: ArraySlice<UInt8>, from column: Int) -> [Character?] {
        var cells: [Character?] = []
        for character in String(decoding: bytes, as: UTF8.self) {
            if character == "\t" {
                let stop = DisplayWidth.tabStop
                cells += Array(repeating: " ", count: stop - (column + cells.count) % stop)
            } else if character.unicodeScalars.first?.isControl ?? false {
                cells.append("\u{FFFD}")
            } else {
                let width = DisplayWidth.of(character)
                if width > 0 { cells.append(character) }
                if width > 1 { cells.append(nil) }
            }
        }
        return cells
    }

    private static func join(_ cells: ArraySlice<Character?>) -> String {
        String(cells.compactMap { $0 })
    }
}

extension Unicode.Scalar {
    /// A terminal would act on it instead of showing it.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension String {
    /// Messages quote what a script says: line breaks and tabs as blanks, other control characters made visible, and the
    /// middle left out of what is longer than anybody reads.
    fileprivate var onOneLine: String {
        let isLong = utf8.count > 2_000
        guard isLong || unicodeScalars.contains(where: \.isControl) else { return self }
        let shown = isLong ? "\(prefix(400))…\(suffix(200))" : self
        var line = String.UnicodeScalarView()
        for scalar in shown.unicodeScalars {
            line.append(!scalar.isControl ? scalar : "\n\r\t".unicodeScalars.contains(scalar) ? " " : "\u{FFFD}")
        }
        return String(line)
    }

    fileprivate func trimmingTrailingBlanks() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
