/// A token of the source: bytes `lower ..< upper`.
struct Token {
    enum Kind: Equatable {
        case word
        /// `$name.field`; offsets are found again when the tree is made.
        case variable
        case number(NumberLiteral)
        case string([RawStringPart])
        case symbol(Symbol)
        case newline
        /// Something that a diagnostic has been given for already.
        case invalid
        case end
    }

    var kind: Kind
    var lower: Int
    var upper: Int
    /// A blank, a line break or the start of the text stands before it.
    var hasBlankBefore: Bool

    func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
}

/// A piece of a string before its interpolations are parsed; ranges are byte offsets of the source.
enum RawStringPart: Equatable {
    case text(String)
    case interpolation(expression: Range<Int>, format: Range<Int>?)
}

enum Symbol: String, CaseIterable {
    case openParenthesis = "(", closeParenthesis = ")"
    case openBracket = "[", closeBracket = "]"
    case openBrace = "{", closeBrace = "}"
    case comma = ",", semicolon = ";", assign = "=", arrow = "->", dots = ".."
    case plus = "+", minus = "-", times = "*", slash = "/", percent = "%", caret = "^"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

    /// For each byte the symbols that begin with it, longer ones first, with their length and their second byte; they have two at most.
    static let byFirstByte: [[(symbol: Symbol, length: Int, second: UInt8)]] = {
        var table = [[(symbol: Symbol, length: Int, second: UInt8)]](repeating: [], count: 256)
        for symbol in allCases.sorted(by: { $0.rawValue.utf8.count > $1.rawValue.utf8.count }) {
            let bytes = Array(symbol.rawValue.utf8)
            table[Int(bytes[0])].append((symbol, bytes.count, bytes.last ?? 0))
        }
        return table
    }()

    /// The bracket that closes this one.
    var closer: Symbol? {
        switch self {
        case .openParenthesis: .closeParenthesis
        case .openBracket: .closeBracket
        case .openBrace: .closeBrace
        default: nil
        }
    }

    var isCloser: Bool { self == .closeParenthesis || self == .closeBracket || self == .closeBrace }

    var binaryOperator: BinaryOperator? { BinaryOperator(rawValue: rawValue) }
}

/// Which bytes make up words, names and numbers. Words are ASCII.
enum Characters {
    static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isWordByte(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}
