/// A script in pieces that each have one colour. Any text is taken; what is no script is plain.
public enum Highlighter {
    public enum Kind: Sendable {
        case plain, keyword, command, option, number, string, variable, comment, symbol
    }

    public struct Piece: Equatable, Sendable {
        public let text: String
        public let kind: Kind
    }

    private static let keywords: Set<String> = [
        "vps", "let", "param", "if", "else", "for", "in", "by", "def", "include", "assert", "print", "vary", "and", "or", "not", "true", "false",
    ]

    /// Together, in order, the whole text.
    public static func pieces(of text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var lexer = Lexer(text: bytes, file: 0)
        lexer.run()
        var marks: [(range: Range<Int>, kind: Kind)] = lexer.comments.map { ($0.span.lower..<$0.span.upper, .comment) }
        var beginsStatement = true
        for (number, token) in lexer.tokens.enumerated() {
            let next = number + 1 < lexer.tokens.count ? lexer.tokens[number + 1] : nil
            marks.append((token.lower..<token.upper, kind(of: token, next: next, bytes, beginsStatement: beginsStatement)))
            beginsStatement = token.kind == .newline || [.semicolon, .openBrace, .closeBrace].contains { token.isSymbol($0) }
        }
        var pieces: [Piece] = []
        var done = 0
        func add(_ range: Range<Int>, _ kind: Kind) {
            if !range.isEmpty { pieces.append(Piece(text: String(decoding: bytes[range], as: UTF8.self), kind: kind)) }
        }
        for mark in marks.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) where mark.range.lowerBound >= done {
            add(done..<mark.range.lowerBound, .plain)
            add(mark.range, mark.kind)
            done = mark.range.upperBound
        }
        add(done..<bytes.count, .plain)
        return pieces
    }

    private static func kind(of token: Token, next: Token?, _ bytes: [UInt8], beginsStatement: Bool) -> Kind {
        switch token.kind {
        case .number: return .number
        case .string: return .string
        case .variable: return .variable
        case .symbol: return .symbol
        case .newline, .invalid, .end: return .plain
        case .word:
            let word = String(decoding: bytes[token.lower..<token.upper], as: UTF8.self)
            if keywords.contains(word) { return .keyword }
            if beginsStatement { return .command }
            return next?.isSymbol(.assign) == true && next?.hasBlankBefore == false ? .option : .plain
        }
    }
}
