public import Diagnostics

/// What ``Parser/parse(_:file:)`` found.
public struct ParseResult: Sendable {
    /// Every statement that could be understood, with ``Expression/Kind/invalid`` where a part of one could not.
    public var script: Script
    /// Every error of the text, in source order; empty exactly when the text is a script.
    public var diagnostics: [Diagnostic]
    /// True exactly when the text is not a script yet and more lines after it could make it one: an open bracket,
    /// brace or string, a last line that ends in `\`, `->` or an operator, and no error before that.
    public var isIncomplete: Bool
    /// False when a statement could not be understood at all and left nothing in the script.
    public var isWhole: Bool
}

/// Text to tree, by Grammar/vps.ebnf. Knows the forms of statements and no command.
public enum Parser {
    /// Deepest nesting of expressions and of blocks that is accepted.
    public static let maximumDepth = 100

    /// The version that `vps N` may ask for.
    public static let languageVersion = 1

    /// Words that begin a statement of their own form.
    public static let statementWords = [
        "vps", "param", "def", "let", "if", "else", "for", "include", "assert", "print", "vary",
    ]

    /// Words that are no values: quoted, they are.
    public static let reservedWords = ["and", "or", "not", "in", "by", "true", "false"]

    /// Reads a whole script. Any bytes will do; time is linear in their number.
    public static func parse(_ text: [UInt8], file: Int) -> ParseResult {
        if let refusal = binaryRefusal(text, file: file) {
            return ParseResult(script: Script(statements: []), diagnostics: [refusal], isIncomplete: false, isWhole: false)
        }
        var state = ParserState(text: text, file: file)
        let statements = state.parseScript()
        var diagnostics = state.allDiagnostics
        let isIncomplete = state.couldBeCompleted
        if let encoding = encodingError(text, file: file) { diagnostics.append(encoding) }
        return ParseResult(
            script: Script(statements: statements, comments: state.comments, emptyLines: state.emptyLines),
            diagnostics: diagnostics.sortedBySource(), isIncomplete: isIncomplete && isUTF8(text), isWhole: state.isWhole)
    }

    /// Reads one value as it may stand after `key=` in a command, for values from the command line.
    public static func parseValue(_ text: [UInt8], file: Int) -> (value: Expression, diagnostics: [Diagnostic]) {
        var state = ParserState(text: text, file: file)
        let value = state.parseLoneValue()
        return (value, state.allDiagnostics.sortedBySource())
    }

    /// Reads one condition, for filters: an expression in which `=` says the same as `==`.
    public static func parseCondition(_ text: [UInt8], file: Int) -> (condition: Expression, diagnostics: [Diagnostic]) {
        var state = ParserState(text: text, file: file)
        state.readsAssignAsEqual = true
        let condition = state.parseLoneExpression()
        return (condition, state.allDiagnostics.sortedBySource())
    }

    /// Whether text can stand in a script as a bare word; otherwise it has to be quoted.
    public static func isBareWord(_ text: String) -> Bool {
        var lexer = Lexer(text: Array(text.utf8), file: 0)
        lexer.run()
        return lexer.tokens.count == 2 && lexer.tokens[0].kind == .word && lexer.tokens[0].upper == text.utf8.count
            && !reservedWords.contains(text)
    }

    /// Whether text can name a variable.
    public static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let lexer = Lexer(text: bytes, file: 0)
        guard let first = bytes.first, Characters.isLetter(first) else { return false }
        return lexer.nameEnd(from: 0, isField: false) == bytes.count
    }

    // MARK: Text that is no text

    private static func binaryRefusal(_ text: [UInt8], file: Int) -> Diagnostic? {
        guard let offset = text.firstIndex(of: 0) else { return nil }
        return Diagnostic(
            code: SyntaxCode.notText.rawValue, "this is not a text file: byte \(offset) is zero",
            at: SourceSpan(file: file, lower: offset, upper: offset + 1), help: ["scripts are UTF-8 text"])
    }

    private static func isUTF8(_ text: [UInt8]) -> Bool { String(validating: text, as: UTF8.self) != nil }

    private static func encodingError(_ text: [UInt8], file: Int) -> Diagnostic? {
        guard !isUTF8(text) else { return nil }
        var decoder = UTF8()
        var bytes = text.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&bytes) { offset += UTF8.width(scalar) }
        return Diagnostic(
            code: SyntaxCode.notUTF8.rawValue, "the text is not UTF-8 from byte \(offset) on",
            at: SourceSpan(file: file, lower: min(offset, text.count), upper: min(offset + 1, text.count)),
            help: ["save the file as UTF-8"])
    }
}
