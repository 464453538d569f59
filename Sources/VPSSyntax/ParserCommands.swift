import Diagnostics

extension ParserState {
    /// `name argument* [block] [-> name]`.
    mutating func parseCommand() throws -> CommandStatement {
        var command = CommandStatement(name: Name(spelling(current), span: span(current)), arguments: [])
        advance()
        if at(.openParenthesis), !current.hasBlankBefore {
            report(
                .parenthesisedCall, "a command takes its arguments without parentheses",
                at: span(current), help: ["write `\(command.name.text) value key=value`"])
            command.arguments.append(Argument(value: Expression(.invalid, span: span(current)), span: span(current)))
            let start = index
            advance()
            leaveBrackets(since: start)
        }
        if at(.assign) {
            throw unexpected("an argument", help: ["a variable is set by `let \(command.name.text) = …`"])
        }
        while !isAtStatementEnd, !at(.openBrace), !at(.arrow) {
            if closesNothing {
                report(.strayBracket, "`\(spelling(current))` closes nothing", at: span(current))
                advance()
                continue
            }
            if isForeignSeparator() { continue }
            let isLost = current.kind == .invalid
            command.arguments.append(parseArgument())
            // Behind what cannot stand here at all nobody knows what belongs to the command.
            if isLost { skip(until: { $0.at(.openBrace) || $0.at(.arrow) }) }
        }
        if at(.openBrace) { command.block = try parseBlock() }
        if at(.arrow) { command.result = try parseResult() }
        return command
    }

    /// What stands between arguments in other languages: says so, and passes over what belongs to it.
    private mutating func isForeignSeparator() -> Bool {
        if at(.comma) {
            _ = unexpected("a blank", help: ["arguments are separated by blanks; a list stands in brackets: `[1, 2]`; a number has a point: `0.5`"])
            advance()
            if !current.hasBlankBefore { skip(until: { $0.current.hasBlankBefore || $0.at(.openBrace) }) }
            return true
        }
        guard at(.minus), following.isSymbol(.minus) else { return false }
        _ = unexpected("an argument", help: ["options are `name=value`, flags are bare words: no `-` before them"])
        skip(until: { $0.at(.openBrace) || $0.at(.arrow) })
        return true
    }

    private var closesNothing: Bool {
        guard case .symbol(let symbol) = current.kind else { return false }
        return symbol.isCloser && symbol != .closeBrace && partners[index] < 0
    }

    private mutating func parseResult() throws -> Name {
        let arrow = current
        advance()
        skipLineBreaks()
        if current.kind == .end {
            reportOpenEnd(.unfinishedLine, "no name follows `->`", at: span(arrow))
            throw Reported()
        }
        return try parseName("the name that keeps the result")
    }

    /// Never fails: what cannot be read becomes an ``Expression/Kind/invalid`` value.
    private mutating func parseArgument() -> Argument {
        let start = index
        if !current.hasBlankBefore, current.kind != .invalid, tokens[index - 1].kind != .invalid {
            report(
                .missingBlank, "a blank is missing before \(describe(current))",
                at: span(current), help: ["arguments are separated by blanks"])
        }
        var name: Name?
        if current.kind == .word, following.isSymbol(.assign) {
            name = Name(spelling(current), span: span(current))
            advance()
            advance()
        }
        if let name, lacksValue(name) {
            let place = span(from: start)
            return Argument(name: name, value: Expression(.invalid, span: place), span: place)
        }
        let valueStart = index
        let value = attempt { state in
            let value = try state.parseArgumentValue()
            try state.refuseOperator(after: value, name: name)
            return value
        }
        guard let value else {
            if index == valueStart, !isAtStatementEnd { advance() }
            skip(until: { $0.current.hasBlankBefore || $0.at(.openBrace) })
            let place = span(from: start)
            return Argument(name: name, value: Expression(.invalid, span: place), span: place)
        }
        return Argument(name: name, value: value, span: span(from: start))
    }

    /// `lr= momentum=0.9`: the next option is not the value of this one.
    private mutating func lacksValue(_ name: Name) -> Bool {
        guard isAtStatementEnd || current.kind == .word && following.isSymbol(.assign) else { return false }
        if current.kind != .end || !isContinued {
            report(.unexpectedToken, "`\(name.text)=` has no value", at: name.span)
        }
        return true
    }

    /// An operator after an argument: the user means an expression.
    private mutating func refuseOperator(after value: Expression, name: Name?) throws {
        guard case .symbol(let symbol) = current.kind else { return }
        if symbol == .assign { throw unexpected("another argument") }
        guard symbol.binaryOperator != nil else { return }
        if symbol == .minus, current.hasBlankBefore, startsNegativeNumber || following.isSymbol(.minus) { return }
        if symbol == .percent, !current.hasBlankBefore, case .number(let share) = value.kind {
            report(
                .needsParentheses, "`%` is no unit", at: span(current), help: ["a share is a number: `\(share.value / 100)`"])
            advance()
            throw Reported()
        }
        let place = span(current)
        // The rest of what was meant to be one expression.
        while case .symbol(let next) = current.kind, next.binaryOperator != nil {
            advance()
            _ = attempt { try $0.parseArgumentValue() }
        }
        let written = String(decoding: text[value.span.lower..<max(value.span.lower, endOfPrevious)], as: UTF8.self)
        if value.kind == .invalid { throw Reported() }
        let isPath = symbol == .slash && value.isWord
        report(
            .needsParentheses, isPath ? "a path stands in quotes" : "an expression stands in parentheses here", at: place,
            help: ["write `\(name.map { "\($0.text)=" } ?? "")\(isPath ? "\"\(written)\"" : "(\(written))")`"])
        throw Reported()
    }

    private var endOfPrevious: Int { index > 0 ? tokens[index - 1].upper : 0 }

    var startsNegativeNumber: Bool {
        guard at(.minus), case .number = following.kind else { return false }
        return !following.hasBlankBefore
    }

    /// A value as an argument may be: no operator outside parentheses but the `..` and `by` of a range.
    mutating func parseArgumentValue() throws -> Expression {
        let start = index
        let first = try parseSimpleValue()
        guard at(.dots) else { return first }
        advance()
        let last = try parseSimpleValue()
        var step: Expression?
        if atWord("by"), !following.isSymbol(.assign) {
            advance()
            step = try parseSimpleValue()
        }
        return try node(.range(from: first, through: last, step: step), from: start)
    }

    private mutating func parseSimpleValue() throws -> Expression {
        guard at(.minus) else { return try parsePrimary() }
        let start = index
        guard startsNegativeNumber else {
            if following.isSymbol(.minus) || following.kind == .word {
                throw unexpected("a value", help: ["options are `name=value`, flags are bare words: no `-` before them"])
            }
            throw unexpected("a value", help: ["an expression stands in parentheses here"])
        }
        advance()
        let number = try parsePrimary()
        return try node(.unary(.negate, number), from: start)
    }

    /// A whole text that is one argument value.
    mutating func parseLoneValue() -> Expression { parseAlone { try $0.parseArgumentValue() } }

    /// A whole text that is one expression.
    mutating func parseLoneExpression() -> Expression { parseAlone { try $0.parseExpression() } }

    private mutating func parseAlone(_ parse: (inout ParserState) throws -> Expression) -> Expression {
        let value = attempt { state in
            let value = try parse(&state)
            guard state.current.kind == .end else { throw state.unexpected("one value") }
            return value
        }
        return value ?? Expression(.invalid, span: SourceSpan(file: file, lower: 0, upper: text.count))
    }
}

extension Expression {
    fileprivate var isWord: Bool { if case .word = kind { true } else { false } }
}
