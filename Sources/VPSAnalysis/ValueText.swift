public import VPSSyntax
internal import Foundation

extension Value: CustomStringConvertible {
    /// As `print` writes it: texts bare, elements of lists as in a script.
    public var description: String {
        switch self {
        case .word(let text), .text(let text): text
        default: literal
        }
    }

    /// As a script would write it.
    public var literal: String {
        switch self {
        case .integer(let value): String(value)
        case .number(let value): NumberText.plain(value)
        case .quantity(let value, let dimension): NumberText.plain(value, dimension)
        case .boolean(let value): String(value)
        case .word(let text): text
        case .text(let text): quoted(text)
        case .list(let list): "[\(list.elements.map(\.literal).joined(separator: ", "))]"
        case .range(let range):
            "\(NumberText.plain(range.from))..\(NumberText.plain(range.through))"
                + (range.step.map { " by \(NumberText.plain($0))" } ?? "")
        case .record(let record):
            record.fields.map { "\($0.name) \($0.value.literal)" }.joined(separator: ", ")
        case .unknown: "?"
        }
    }

    /// As `{$x:format}` writes it; nil when the format asks for a number and this is none.
    public func formatted(_ format: ValueFormat) -> String? {
        var text: String
        if format.digits == nil, format.style == .fixed {
            text = description
        } else {
            let isPercent = format.style == .percent
            guard let value = isPercent || double != nil ? double : quantityAmount else { return nil }
            text = NumberText.rounded(isPercent ? value * 100 : value, digits: format.digits ?? (isPercent ? 1 : 6), style: format.style)
            if isPercent { text += "%" }
        }
        let missing = (format.width ?? 0) - text.count
        guard missing > 0 else { return text }
        let blanks = String(repeating: " ", count: missing)
        let alignment = format.alignment ?? (type == .text ? .left : .right)
        return alignment == .left ? text + blanks : blanks + text
    }

    private var quantityAmount: Double? {
        if case .quantity(let amount, _) = self { amount } else { nil }
    }
}

/// Numbers as text.
public enum NumberText {
    /// Shortest text that reads back as the same number: `0.1`, `2`, `1e-8`.
    public static func plain(_ value: Double) -> String {
        if abs(value) < 1e15, let whole = Int(exactly: value) { return String(whole) }
        let text = value.description
        guard let mark = text.firstIndex(of: "e") else { return text }
        var digits = text[..<mark]
        if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        return "\(digits)e\(exponent)"
    }

    /// `4GiB`, `30min`: the largest unit of which it is a whole multiple.
    static func plain(_ value: Double, _ dimension: VPSSyntax.Unit.Dimension) -> String {
        let units = VPSSyntax.Unit.allCases.filter { $0.dimension == dimension }.sorted { $0.factor > $1.factor }
        let smallest: VPSSyntax.Unit = dimension == .size ? .byte : .second
        let unit = units.first { value != 0 && (value / $0.factor).rounded() == value / $0.factor } ?? smallest
        return plain(value / unit.factor) + unit.rawValue
    }

    static func rounded(_ value: Double, digits: Int, style: ValueFormat.Style) -> String {
        let digits = min(max(digits, 0), 17)
        guard value.isFinite else { return value.description }
        return String(format: style == .scientific ? "%.\(digits)e" : "%.\(digits)f", value)
    }
}
