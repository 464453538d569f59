import Diagnostics

extension ParserState {
    /// Parses the interpolations of a string.
    mutating func parts(of raw: [RawStringPart]) -> [StringPart] {
        raw.map { part in
            switch part {
            case .text(let text): .text(text)
            case .interpolation(let range, let format): .interpolation(interpolated(range), valueFormat(format))
            }
        }
    }

    private mutating func interpolated(_ range: Range<Int>) -> Expression {
        let place = SourceSpan(file: file, lower: range.lowerBound, upper: range.upperBound)
        guard depth < Parser.maximumDepth else {
            report(.tooDeep, "nested more than \(Parser.maximumDepth) deep", at: place)
            return Expression(.invalid, span: place)
        }
        var inside = ParserState(text: text, file: file, interpolation: range, depth: depth + 1)
        let value = inside.parseInterpolation()
        adopt(inside)
        return value ?? Expression(.invalid, span: place)
    }

    private mutating func parseInterpolation() -> Expression? {
        if current.kind == .end {
            report(
                .badInterpolation, "`{}` holds no value",
                at: SourceSpan(file: file, lower: current.lower - 1, upper: current.upper + 1),
                help: ["a brace that is only text is written `\\{`"])
            return nil
        }
        return attempt { state in
            let value = try state.parseExpression()
            guard state.current.kind == .end else { throw state.unexpected("`}`") }
            return value
        }
    }

    /// `[<|>][width][.digits][e|%]`; nil without one, and after saying what is wrong with it.
    private mutating func valueFormat(_ range: Range<Int>?) -> ValueFormat? {
        guard let range else { return nil }
        let spelling = String(decoding: text[range], as: UTF8.self)
        var rest = spelling[...]
        var format = ValueFormat()
        if let first = rest.first, let alignment = ValueFormat.Alignment(rawValue: String(first)) {
            format.alignment = alignment
            rest.removeFirst()
        }
        format.width = Self.takeInteger(&rest)
        if rest.first == "." {
            rest.removeFirst()
            format.digits = Self.takeInteger(&rest) ?? -1
        }
        if let last = rest.first, let style = ValueFormat.Style(rawValue: String(last)) {
            format.style = style
            rest.removeFirst()
        }
        guard rest.isEmpty, !spelling.isEmpty, (0...200).contains(format.width ?? 0), (0...17).contains(format.digits ?? 0)
        else {
            report(
                .badFormat, "`\(spelling)` is no format",
                at: SourceSpan(file: file, lower: range.lowerBound, upper: range.upperBound),
                help: ["a format is `[<|>][width][.digits][e|%]`: {$x:.3} {$x:8.1} {$x:<20} {$x:.2e} {$x:.1%}"])
            return nil
        }
        return format
    }

    /// Digits at the front of `rest`; a number that is too large for anything counts as 999,999.
    private static func takeInteger(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int(digits) ?? 999_999
    }
}
