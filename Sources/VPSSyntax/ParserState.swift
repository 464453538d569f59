import Diagnostics

/// Thrown after a diagnostic has been given, to get to the next place where parsing can go on.
struct Reported: Error {}

/// The tokens, where the parser stands in them, and what it has found wrong.
struct ParserState {
    let text: [UInt8]
    let file: Int
    let tokens: [Token]
    let partners: [Int]
    let comments: [Comment]
    let emptyLines: [Int]

    var index = 0
    /// Tokens of the brackets and parentheses open here, outermost first: line breaks in them mean nothing.
    var openBrackets: [Int] = []
    /// A bracket without end was too deep to follow: nothing is said about those around it.
    var gaveUp = false
    /// See ``ParseResult/isWhole``.
    var isWhole = true
    /// Expressions and blocks open here.
    var depth = 0
    /// See ``Parser/parseCondition(_:file:)``.
    var readsAssignAsEqual = false

    private let lexerDiagnostics: [Diagnostic]
    private let excusedOpeners: Set<Int>
    private let unclosedString: StringScan?
    /// The text ends in a backslash: that it ends too early has been said.
    let isContinued: Bool
    /// Errors that no further text could mend, and errors that only say that the text ends too early.
    private var errors: [Diagnostic] = []
    private var openEnds: [Diagnostic] = []

    init(text: [UInt8], file: Int) {
        self.init(Lexer(text: text, file: file), depth: 0)
    }

    /// The inside of `{ }` in a string.
    init(text: [UInt8], file: Int, interpolation range: Range<Int>, depth: Int) {
        self.init(Lexer(text: text, file: file, interpolation: range), depth: depth)
    }

    private init(_ source: Lexer, depth: Int) {
        var lexer = source
        lexer.run()
        text = lexer.text
        file = lexer.file
        tokens = lexer.tokens
        partners = lexer.partners
        comments = lexer.comments
        emptyLines = lexer.emptyLines
        lexerDiagnostics = lexer.diagnostics
        excusedOpeners = lexer.excusedOpeners
        unclosedString = lexer.unclosedString
        isContinued = lexer.endsInContinuation
        self.depth = depth
    }

    // MARK: Looking and moving

    /// The token at hand; line breaks inside brackets are never seen. The last one is ``Token/Kind/end``.
    var current: Token { tokens[index] }

    /// The token after the one at hand, line breaks included.
    var following: Token { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
        if !openBrackets.isEmpty { skipLineBreaks() }
    }

    mutating func skipLineBreaks() {
        while current.kind == .newline { index += 1 }
    }

    mutating func move(to target: Int) {
        index = min(max(target, 0), tokens.count - 1)
    }

    func at(_ symbol: Symbol) -> Bool { current.isSymbol(symbol) }

    func spelling(_ token: Token) -> String {
        String(decoding: text[token.lower..<token.upper], as: UTF8.self)
    }

    func atWord(_ word: String) -> Bool { current.kind == .word && spelling(current) == word }

    func span(_ token: Token) -> SourceSpan {
        SourceSpan(file: file, lower: token.lower, upper: token.upper)
    }

    /// From a token to the last one before the one at hand.
    func span(from first: Int) -> SourceSpan {
        var last = max(first, index - 1)
        while last > first, tokens[last].kind == .newline { last -= 1 }
        return SourceSpan(file: file, lower: tokens[first].lower, upper: tokens[last].upper)
    }

    /// Whether nothing more of the statement follows.
    var isAtStatementEnd: Bool {
        switch current.kind {
        case .newline, .end, .symbol(.semicolon), .symbol(.closeBrace): true
        default: false
        }
    }

    /// How a token is called in a message.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end: "the end of the text"
        case .newline: "the end of the line"
        case .string: "a string"
        default: "`\(spelling(token))`"
        }
    }

    // MARK: Errors

    mutating func report(
        _ code: SyntaxCode, _ message: String, at span: SourceSpan, label: String? = nil, help: [String] = [],
        notes: [Diagnostic.Note] = []
    ) {
        guard errors.count < ProblemLimit.kept else { return }
        errors.append(Diagnostic(code: code.rawValue, message, at: span, label: label, help: help, notes: notes))
    }

    /// The text ends although something must still come.
    mutating func reportOpenEnd(_ code: SyntaxCode, _ message: String, at span: SourceSpan, label: String? = nil) {
        openEnds.append(Diagnostic(code: code.rawValue, message, at: span, label: label))
    }

    mutating func adopt(_ other: ParserState) {
        guard errors.count < ProblemLimit.kept else { return }
        errors += other.allDiagnostics
    }

    var allDiagnostics: [Diagnostic] { lexerDiagnostics + errors + openEnds }

    /// See ``ParseResult/isIncomplete``.
    var couldBeCompleted: Bool {
        guard let string = unclosedString else {
            let unfinished = openEnds.count + (isContinued ? 1 : 0)
            return unfinished > 0 && errors.isEmpty && lexerDiagnostics.count == (isContinued ? 1 : 0)
        }
        // What follows the opening quote was read again as if the string ended with its line: errors there do not count.
        let before = (lexerDiagnostics + errors).filter { ($0.span?.lower ?? 0) <= string.start }
        guard before.count == 1, string.diagnostics.isEmpty else { return false }
        var inside = self
        inside.errors = []
        _ = inside.parts(of: string.parts)
        return inside.errors.isEmpty
    }

    /// Says that something else was expected than the token at hand.
    mutating func unexpected(_ expectation: String, help: [String] = []) -> Reported {
        let token = current
        if token.kind == .invalid || token.kind == .end && isContinued { return Reported() }
        if token.kind == .end, let opener = openBrackets.last { return brokenBracket(opener, expected: expectation) }
        report(
            .unexpectedToken, "expected \(expectation), found \(describe(token))", at: span(token), help: help)
        return Reported()
    }

    /// Says what is wrong where an element or the end of the bracket `opener` should be.
    ///
    /// A bracket that is never closed is reported where it opens; parsing then goes on with the line of the token at
    /// hand, which most likely has nothing to do with the bracket.
    mutating func brokenBracket(_ opener: Int, expected: String) -> Reported {
        let open = tokens[opener]
        guard partners[opener] < 0 else { return unexpected(expected) }
        let message = "`\(spelling(open))` is not closed"
        let token = current
        let isSaid = gaveUp || excusedOpeners.contains(opener) || token.kind == .invalid || token.kind == .end && isContinued
        if token.kind == .end {
            if !isSaid { reportOpenEnd(.unclosedBracket, message, at: span(open)) }
            return Reported()
        }
        if !isSaid {
            report(
                .unclosedBracket, message, at: span(open), label: "opened here",
                notes: [Diagnostic.Note("expected \(expected) before \(describe(token))", at: span(token))])
        }
        if let lineBreak = tokens[opener..<index].lastIndex(where: { $0.kind == .newline }) { move(to: lineBreak) }
        return Reported()
    }

    // MARK: Recovery

    /// Leaves every bracket opened since token `start`, as far as it is closed somewhere.
    mutating func leaveBrackets(since start: Int) {
        var place = start
        while place < index {
            let partner = partners[place]
            if tokens[place].kind.closer != nil, partner > place {
                if partner >= index { move(to: partner + 1) }
                place = partner + 1
            } else {
                place += 1
            }
        }
    }

    /// Skips to where `isEnd` holds or the statement ends, over bracketed text as a whole.
    mutating func skip(until isEnd: (ParserState) -> Bool) {
        while !isAtStatementEnd, !isEnd(self) {
            let partner = partners[index]
            if current.kind.closer != nil, partner > index { move(to: partner) }
            index = min(index + 1, tokens.count - 1)
        }
    }

    /// Runs `body`; after an error in it stands behind every bracket it opened and returns nil.
    mutating func attempt<Result>(_ body: (inout ParserState) throws -> Result) -> Result? {
        let (start, brackets, level) = (index, openBrackets, depth)
        do {
            return try body(&self)
        } catch {
            openBrackets = brackets
            depth = level
            leaveBrackets(since: start)
            return nil
        }
    }
}
