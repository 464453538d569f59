public import Diagnostics

/// An expression. Parentheses leave no node: the printer puts them where they are needed.
public struct Expression: Hashable, Sendable {
    public indirect enum Kind: Hashable, Sendable {
        /// `12`, `5e-3`, `1_000`, `4GiB`, `30min`. Never negative: `-3` is a ``UnaryOperator/negate`` of 3.
        case number(NumberLiteral)
        /// `true`, `false`.
        case boolean(Bool)
        /// `vit-s16`, `recall@1`, `proxies.alpha`.
        case word(String)
        /// `"text {$value:.3}"`; no part for an empty string, and never two text parts side by side.
        case string([StringPart])
        /// `[1, 2]`.
        case list([Expression])
        /// `(1, 2)`: two elements or more.
        case tuple([Expression])
        /// `from..through [by step]`; both ends belong to it.
        case range(from: Expression, through: Expression, step: Expression?)
        /// `$name`, `$name.field.field`; a field may be `recall@1`.
        case variable(name: Name, fields: [Name])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `log(2)`, `max(1, 2)`.
        case call(function: Name, arguments: [Expression])
        /// Stands where an expression could not be parsed; a diagnostic has said so already, so nobody need say more.
        case invalid
    }

    public let kind: Kind
    @Uncompared public var span: SourceSpan
    /// Nodes from here to the deepest leaf, at least 1. The parser refuses more than ``Parser/maximumDepth``, so
    /// whoever walks a parsed tree may recurse.
    @Uncompared public private(set) var depth: Int

    public init(_ kind: Kind, span: SourceSpan) {
        self.kind = kind
        self.span = span
        self.depth = 1 + kind.children.reduce(0) { max($0, $1.depth) }
    }
}

extension Expression.Kind {
    /// The expressions directly inside this one, in source order.
    public var children: [Expression] {
        switch self {
        case .number, .boolean, .word, .variable, .invalid: []
        case .string(let parts):
            parts.compactMap { part in
                if case .interpolation(let value, _) = part { value } else { nil }
            }
        case .list(let elements), .tuple(let elements), .call(_, let elements): elements
        case .range(let from, let through, let step): step.map { [from, through, $0] } ?? [from, through]
        case .unary(_, let operand): [operand]
        case .binary(_, let left, let right): [left, right]
        }
    }
}

/// A number as written, without a sign.
public struct NumberLiteral: Hashable, Sendable {
    /// In the unit written: 4 for `4GiB`.
    public var value: Double
    /// The exact value when it was written without point and exponent.
    public var integer: Int?
    public var unit: Unit?
    /// As written, unit included; empty for a tree that nobody typed.
    @Uncompared public var spelling: String

    public init(value: Double, integer: Int? = nil, unit: Unit? = nil, spelling: String = "") {
        self.value = value
        self.integer = integer
        self.unit = unit
        self.spelling = spelling
    }
}

/// What may follow a number without a space.
public enum Unit: String, CaseIterable, Sendable {
    case byte = "B"
    case kilobyte = "KB", megabyte = "MB", gigabyte = "GB", terabyte = "TB"
    case kibibyte = "KiB", mebibyte = "MiB", gibibyte = "GiB", tebibyte = "TiB"
    case millisecond = "ms", second = "s", minute = "min", hour = "h", day = "d"

    public enum Dimension: Sendable { case size, duration }

    public var dimension: Dimension {
        switch self {
        case .millisecond, .second, .minute, .hour, .day: .duration
        default: .size
        }
    }

    /// Bytes, or seconds, in one of this unit.
    public var factor: Double {
        switch self {
        case .byte: 1
        case .kilobyte: 1e3
        case .megabyte: 1e6
        case .gigabyte: 1e9
        case .terabyte: 1e12
        case .kibibyte: 0x1p10
        case .mebibyte: 0x1p20
        case .gibibyte: 0x1p30
        case .tebibyte: 0x1p40
        case .millisecond: 1e-3
        case .second: 1
        case .minute: 60
        case .hour: 3_600
        case .day: 86_400
        }
    }
}

/// A piece of a string.
public enum StringPart: Hashable, Sendable {
    /// Text with its escapes resolved; not empty.
    case text(String)
    /// `{$value}`, `{$value:8.3}`.
    case interpolation(Expression, ValueFormat?)
}

/// How an interpolated value is written: `{$x:[<|>][width][.digits][e|%]}`.
public struct ValueFormat: Hashable, Sendable {
    public enum Alignment: String, Sendable { case left = "<", right = ">" }
    /// `fixed` 12.346, `scientific` 1.235e+01, `percent` 1234.6%.
    public enum Style: String, Sendable { case fixed = "", scientific = "e", percent = "%" }

    public var alignment: Alignment?
    /// Least number of characters, 0 to 200.
    public var width: Int?
    /// Digits after the point, 0 to 17.
    public var digits: Int?
    public var style: Style

    public init(alignment: Alignment? = nil, width: Int? = nil, digits: Int? = nil, style: Style = .fixed) {
        self.alignment = alignment
        self.width = width
        self.digits = digits
        self.style = style
    }
}

public enum UnaryOperator: String, Sendable {
    case negate = "-"
    case not
}

public enum BinaryOperator: String, CaseIterable, Sendable {
    case or, and
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case add = "+", subtract = "-"
    case multiply = "*", divide = "/", remainder = "%"
    case power = "^"
}
