import Diagnostics

extension ParserState {
    mutating func parseExpression() throws -> Expression {
        try parseBinary(above: 0)
    }

    /// A node over the tokens since `start`; refuses a tree that has become too deep.
    func made(_ kind: Expression.Kind, from start: Int) -> Expression {
        Expression(kind, span: span(from: start))
    }

    mutating func node(_ kind: Expression.Kind, from start: Int) throws -> Expression {
        let expression = made(kind, from: start)
        guard expression.depth <= Parser.maximumDepth else {
            report(
                .tooDeep, "the expression has more than \(Parser.maximumDepth) levels", at: expression.span,
                help: ["split it with `let`"])
            throw Reported()
        }
        return expression
    }

    // MARK: Operators

    /// Operators that bind more tightly than `level`; see ``Precedence``.
    private mutating func parseBinary(above level: Int) throws -> Expression {
        let start = index
        var left = try parseUnary(above: level)
        var comparison: Token?
        while true {
            if at(.dots), Precedence.range > level {
                left = try parseRange(from: left, start: start)
                continue
            }
            guard let binary = binaryOperator, Precedence.of(binary) > level else { return left }
            let precedence = Precedence.of(binary)
            if precedence == Precedence.comparison {
                if let comparison {
                    report(
                        .chainedComparison, "comparisons do not chain", at: span(current),
                        help: ["write `a \(spelling(comparison)) b and b \(spelling(current)) c`"])
                    throw Reported()
                }
                comparison = current
            }
            let right: Expression
            if binary == .power {  // a^b^c is a^(b^c), and as deep
                try enter()
                try takeOperator()
                right = try parseBinary(above: Precedence.unary)
                depth -= 1
            } else {
                try takeOperator()
                right = try parseBinary(above: precedence)
            }
            left = try node(.binary(binary, left, right), from: start)
        }
    }

    /// Steps over an operator; a line may break after it.
    private mutating func takeOperator() throws {
        let token = current
        advance()
        skipLineBreaks()
        if current.kind == .end, openBrackets.isEmpty {
            if !isContinued {
                reportOpenEnd(.unfinishedLine, "nothing follows `\(spelling(token))`", at: span(token))
            }
            throw Reported()
        }
    }

    private var binaryOperator: BinaryOperator? {
        switch current.kind {
        case .symbol(.assign) where readsAssignAsEqual: .equal
        case .symbol(let symbol): symbol.binaryOperator
        case .word: atWord("and") ? .and : atWord("or") ? .or : nil
        default: nil
        }
    }

    private mutating func parseRange(from first: Expression, start: Int) throws -> Expression {
        advance()
        let last = try parseBinary(above: Precedence.range)
        var step: Expression?
        if atWord("by") {
            advance()
            step = try parseBinary(above: Precedence.range)
        }
        let range = try node(.range(from: first, through: last, step: step), from: start)
        if at(.dots) { throw unexpected("the end of the range") }
        return range
    }

    private mutating func parseUnary(above level: Int) throws -> Expression {
        let start = index
        if at(.minus) {
            try enter()
            advance()
            let operand = try parseBinary(above: Precedence.unary)
            depth -= 1
            return try node(.unary(.negate, operand), from: start)
        }
        if atWord("not") {
            guard level < Precedence.not else {
                throw unexpected("a value", help: ["`not` of an operand stands in parentheses: `(not …)`"])
            }
            try enter()
            advance()
            let operand = try parseBinary(above: Precedence.not - 1)
            depth -= 1
            return try node(.unary(.not, operand), from: start)
        }
        return try parsePrimary()
    }

    // MARK: Values

    /// Any value that needs no operator.
    mutating func parsePrimary() throws -> Expression {
        let start = index
        switch current.kind {
        case .number(let literal):
            advance()
            return made(.number(literal), from: start)
        case .string(let parts):
            let pieces = self.parts(of: parts)
            advance()
            return try node(.string(pieces), from: start)
        case .variable:
            let (name, fields) = variable(current)
            advance()
            return made(.variable(name: name, fields: fields), from: start)
        case .word:
            return try parseWord()
        case .symbol(.openBracket):
            let elements = try parseBracketed(closer: .closeBracket, element: "a value") { try $0.parseExpression() }
            return try node(.list(elements.elements), from: start)
        case .symbol(.openParenthesis):
            return try parseParenthesised()
        case .invalid:
            advance()
            return made(.invalid, from: start)
        default:
            throw unexpected("a value")
        }
    }

    private mutating func parseWord() throws -> Expression {
        let start = index
        let text = spelling(current)
        if text == "true" || text == "false" {
            advance()
            return made(.boolean(text == "true"), from: start)
        }
        guard !Parser.reservedWords.contains(text) else {
            throw unexpected("a value", help: ["the word `\(text)` as a value is quoted: \"\(text)\""])
        }
        let name = Name(text, span: span(current))
        guard following.isSymbol(.openParenthesis), !following.hasBlankBefore else {
            advance()
            return made(.word(text), from: start)
        }
        advance()
        let arguments = try parseBracketed(closer: .closeParenthesis, element: "a value") { try $0.parseExpression() }
        return try node(.call(function: name, arguments: arguments.elements), from: start)
    }

    /// `(a)` is `a`; `(a, b)` a tuple.
    private mutating func parseParenthesised() throws -> Expression {
        let start = index
        let inner = try parseBracketed(closer: .closeParenthesis, element: "a value") { try $0.parseExpression() }
        guard let only = inner.elements.first else {
            report(.unexpectedToken, "`()` holds no value", at: span(from: start))
            throw Reported()
        }
        if inner.elements.count > 1 { return try node(.tuple(inner.elements), from: start) }
        if inner.endsInComma {
            report(.unexpectedToken, "a tuple has two elements or more", at: span(from: start))
            throw Reported()
        }
        return Expression(only.kind, span: span(from: start))
    }

    /// Elements between the bracket at hand and its `closer`, separated by commas; a comma after the last is welcome.
    mutating func parseBracketed<Element>(
        closer: Symbol, element: String, _ parse: (inout ParserState) throws -> Element
    ) throws -> (elements: [Element], endsInComma: Bool) {
        let opener = index
        try enter()
        openBrackets.append(opener)
        advance()
        var elements: [Element] = []
        var endsInComma = false
        while !at(closer) {
            if !elements.isEmpty, !endsInComma {
                guard at(.comma) else { throw brokenBracket(opener, expected: "`,` or `\(closer.rawValue)`") }
                advance()
                endsInComma = true
                continue
            }
            if current.kind == .end || isForeignCloser(closer) {
                throw brokenBracket(opener, expected: "\(element) or `\(closer.rawValue)`")
            }
            elements.append(try parse(&self))
            endsInComma = false
        }
        openBrackets.removeLast()
        depth -= 1
        advance()
        return (elements, endsInComma)
    }

    private func isForeignCloser(_ closer: Symbol) -> Bool {
        if case .symbol(let symbol) = current.kind { symbol.isCloser && symbol != closer } else { false }
    }

    /// `$name.field.field` taken apart.
    private func variable(_ token: Token) -> (Name, [Name]) {
        var names: [Name] = []
        var lower = token.lower + 1
        for piece in text[lower..<token.upper].split(separator: 0x2E, omittingEmptySubsequences: false) {
            let upper = lower + piece.count
            names.append(
                Name(String(decoding: piece, as: UTF8.self), span: SourceSpan(file: file, lower: lower, upper: upper)))
            lower = upper + 1
        }
        return (names[0], Array(names.dropFirst()))
    }
}

/// How tightly operators bind; Grammar/vps.ebnf says the same by its rules.
enum Precedence {
    static let or = 1, and = 2, not = 3, comparison = 4, range = 5, sum = 6, product = 7, unary = 8, power = 9

    static func of(_ binary: BinaryOperator) -> Int {
        switch binary {
        case .or: or
        case .and: and
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: comparison
        case .add, .subtract: sum
        case .multiply, .divide, .remainder: product
        case .power: power
        }
    }
}
