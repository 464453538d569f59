// Where a long line may be broken, the texts made here hold a mark of ``LineFill``.

extension Expression {
    /// As an argument of a command: in parentheses unless it is a simple value.
    var argumentText: String {
        guard case .range(let from, let through, let step) = kind else { return simpleText }
        return "\(from.simpleText)..\(through.simpleText)" + (step.map { " by \($0.simpleText)" } ?? "")
    }

    private var simpleText: String {
        switch kind {
        case .unary(.negate, let operand):
            if case .number = operand.kind { text(above: 0) } else { "(\(text(above: 0)))" }
        case .unary, .binary, .range: "(\(text(above: 0)))"
        default: text(above: 0)
        }
    }

    /// In parentheses when its operator binds no more tightly than `level` of ``Precedence``.
    func text(above level: Int) -> String {
        let bare = bareText
        return precedence > level ? bare : "(\(bare))"
    }

    private var precedence: Int {
        switch kind {
        case .binary(let binary, _, _): Precedence.of(binary)
        case .unary(.not, _): Precedence.not
        case .unary(.negate, _): Precedence.unary
        case .range: Precedence.range
        default: Precedence.power + 1
        }
    }

    private var bareText: String {
        switch kind {
        case .number(let literal): literal.text
        case .boolean(let value): value ? "true" : "false"
        case .word(let word): word
        case .string(let parts): "\"" + parts.map(\.text).joined() + "\""
        case .list(let elements): "[" + Self.joined(elements) + "]"
        case .tuple(let elements): "(" + Self.joined(elements) + ")"
        case .call(let function, let arguments): function.text + "(" + Self.joined(arguments) + ")"
        case .variable(let name, let fields): "$" + ([name] + fields).map(\.text).joined(separator: ".")
        case .invalid: "?"
        case .range(let from, let through, let step):
            "\(from.text(above: Precedence.range))..\(through.text(above: Precedence.range))"
                + (step.map { " by \($0.text(above: Precedence.range))" } ?? "")
        case .unary(.negate, let operand): "-" + operand.text(above: Precedence.unary - 1)
        case .unary(.not, let operand): "not " + operand.text(above: Precedence.not - 1)
        case .binary(.power, let left, let right):
            // Both sides of `^` are told apart: 2^-3 is a power, -2^3 the negative of one.
            "\(left.text(above: Precedence.power))^\(right.text(above: Precedence.unary - 1))"
        case .binary(let binary, let left, let right):
            left.text(above: Precedence.of(binary) - (binary.chains ? 1 : 0)) + " \(binary.rawValue) "
                + right.text(above: Precedence.of(binary))
        }
    }

    private static func joined(_ expressions: [Expression]) -> String {
        expressions.map { $0.text(above: 0) }.joined(separator: ",\(LineFill.inBrackets)")
    }
}

extension BinaryOperator {
    /// `a - b - c` is `(a - b) - c`; comparisons have no such reading.
    fileprivate var chains: Bool { Precedence.of(self) != Precedence.comparison }
}

extension NumberLiteral {
    /// As it was written, or the shortest text of the same value.
    fileprivate var text: String {
        if !spelling.isEmpty { return spelling }
        return (integer.map(String.init) ?? "\(value)") + (unit?.rawValue ?? "")
    }
}

extension StringPart {
    fileprivate var text: String {
        switch self {
        case .text(let text): escaped(text)
        case .interpolation(let value, let format):
            "{" + LineFill.onOneLine(value.text(above: 0)) + (format.map { ":\($0.text)" } ?? "") + "}"
        }
    }
}

extension ValueFormat {
    fileprivate var text: String {
        (alignment?.rawValue ?? "") + (width.map(String.init) ?? "") + (digits.map { ".\($0)" } ?? "") + style.rawValue
    }
}

/// Text as a string literal of the language.
public func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\", "{": result += "\\\(scalar)"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
