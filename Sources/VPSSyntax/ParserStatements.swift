import Diagnostics

extension ParserState {
    mutating func parseScript() -> [Statement] {
        var statements: [Statement] = []
        while current.kind != .end {
            statements += parseStatements(isTopLevel: true)
            guard at(.closeBrace) else { break }
            report(.strayBracket, "`}` closes nothing", at: span(current))
            advance()
        }
        return statements
    }

    /// Statements up to `}` or the end of the text.
    private mutating func parseStatements(isTopLevel: Bool) -> [Statement] {
        var statements: [Statement] = []
        while true {
            while current.kind == .newline || at(.semicolon) { advance() }
            if current.kind == .end || at(.closeBrace) { return statements }
            let start = index
            if let kind = attempt({ try $0.parseStatement(isTopLevel: isTopLevel) }) {
                let statement = Statement(kind, span: span(from: start))
                checkPlace(of: statement, start: start, isTopLevel: isTopLevel)
                statements.append(statement)
                if !isAtStatementEnd { reportRest(after: kind) }
            } else {
                isWhole = false
            }
            skip(until: { _ in false })
            if index == start { advance() }
        }
    }

    /// Something follows where a statement is over.
    private mutating func reportRest(after kind: Statement.Kind) {
        if case .command(let command) = kind, command.result != nil || command.block != nil {
            _ = unexpected(command.result == nil ? "`->` or the end of the statement" : "the end of the statement")
        } else if case .symbol(let symbol) = current.kind, symbol.isCloser {
            report(.strayBracket, "`\(symbol.rawValue)` closes nothing", at: span(current))
        } else if case .let(let binding) = kind, case .word(let word) = binding.value.kind {
            _ = unexpected(
                "the end of the statement", help: ["the record of a command is kept by `->`: `\(word) … -> \(binding.name.text)`"])
        } else if tokens[index - 1].kind != .invalid {
            _ = unexpected("the end of the statement")
        }
    }

    private mutating func checkPlace(of statement: Statement, start: Int, isTopLevel: Bool) {
        let word = span(tokens[start])
        switch statement.kind {
        case .version where !tokens[..<start].allSatisfy({ $0.kind == .newline || $0.isSymbol(.semicolon) }):
            report(.misplacedStatement, "`vps` is not the first statement", at: word)
        case .param where !isTopLevel:
            report(.misplacedStatement, "`param` inside a block", at: word, help: ["parameters are declared outside every block"])
        case .def where !isTopLevel:
            report(.misplacedStatement, "`def` inside a block", at: word, help: ["commands are defined outside every block"])
        default: break
        }
    }

    private mutating func parseStatement(isTopLevel: Bool) throws -> Statement.Kind {
        if at(.plus) { return .vary(try parseFurtherVary()) }
        guard current.kind == .word else { throw noStatement() }
        switch spelling(current) {
        case "vps": return .version(try parseVersion())
        case "let": return .let(try parseLet())
        case "param": return .param(try parseParam())
        case "if": return .if(try parseIf())
        case "else":
            advance()
            if atWord("if") || at(.openBrace) {
                report(
                    .misplacedStatement, "`else` without an `if`", at: span(tokens[index - 1]),
                    help: ["`else` stands on the line of the `}` before it"])
                return .if(try parseIf(afterLoneElse: true))
            }
            index -= 1
            report(.misplacedStatement, "`else` without an `if`", at: span(current))
            throw Reported()
        case "for": return .for(try parseFor())
        case "def": return .def(try parseDef())
        case "include":
            advance()
            return .include(IncludeStatement(path: try parseLiteralText("the file to include, in quotes")))
        case "assert":
            advance()
            let condition = try parseExpression()
            guard case .string = current.kind else { return .assert(AssertStatement(condition: condition)) }
            return .assert(AssertStatement(condition: condition, message: try parseExpression()))
        case "print":
            advance()
            return .print(PrintStatement(value: try parseExpression()))
        case "vary": return .vary(try parseVary())
        default: return .command(try parseCommand())
        }
    }

    private mutating func noStatement() -> Reported {
        switch current.kind {
        case .variable:
            let name = spelling(current)
            let sets = following.isSymbol(.assign)
            return unexpected("a command", help: [sets ? "a variable is set by `let \(name.dropFirst()) = …`" : "`print \(name)` shows a variable"])
        case .symbol(.arrow):
            return unexpected("a command", help: ["`->` stands on the line of the command whose record it keeps"])
        case .symbol(let symbol) where symbol.isCloser:
            report(.strayBracket, "`\(symbol.rawValue)` closes nothing", at: span(current))
            return Reported()
        case .symbol(.slash) where following.isSymbol(.slash):
            return unexpected("a command", help: ["comments begin with `#`"])
        default:
            return unexpected("a command")
        }
    }

    // MARK: Forms

    private mutating func parseVersion() throws -> VersionStatement {
        advance()
        guard case .number(let literal) = current.kind, let version = literal.integer, literal.unit == nil else {
            throw unexpected("the version of the language", help: ["write `vps \(Parser.languageVersion)`"])
        }
        let place = span(current)
        if version != Parser.languageVersion {
            report(
                .badVersion, "version \(version) of the language is not known", at: place,
                help: ["this program reads version \(Parser.languageVersion)"])
        }
        advance()
        return VersionStatement(version: version, versionSpan: place)
    }

    private mutating func parseLet() throws -> LetStatement {
        advance()
        let name = try parseName("a name")
        try expectAssign(after: name, help: "write `let \(name.text) = …`")
        return LetStatement(name: name, value: valueOrInvalid { try $0.parseExpression() })
    }

    private mutating func parseParam() throws -> ParamStatement {
        advance()
        let name = try parseName("a name")
        try expectAssign(after: name, help: "every parameter has a default: `param \(name.text) = 0.5 in 0..1`")
        let defaultValue = valueOrInvalid { try $0.parseExpression() }
        var statement = ParamStatement(name: name, defaultValue: defaultValue)
        if atWord("in") {
            advance()
            statement.domain = valueOrInvalid { try $0.parseExpression() }
        }
        if case .string = current.kind { statement.summary = try parseLiteralText("a description") }
        return statement
    }

    private mutating func expectAssign(after name: Name, help: String) throws {
        guard at(.assign) else { throw unexpected("`=` after `\(name.text)`", help: [help]) }
        advance()
    }

    /// An expression; ``Expression/Kind/invalid`` after an error in it, so that the name is defined all the same.
    private mutating func valueOrInvalid(_ body: (inout ParserState) throws -> Expression) -> Expression {
        let start = index
        if let value = attempt(body) { return value }
        skip(until: { $0.at(.openBrace) })
        return Expression(.invalid, span: span(from: start))
    }

    private mutating func parseIf(afterLoneElse: Bool = false) throws -> IfStatement {
        if afterLoneElse, at(.openBrace) {
            let nothing = Expression(.invalid, span: span(current))
            return IfStatement(branches: [.init(condition: nothing, body: try parseBlock())])
        }
        var statement = IfStatement(branches: [])
        while true {
            advance()  // if
            let condition = valueOrInvalid { try $0.parseExpression() }
            statement.branches.append(.init(condition: condition, body: try parseBlock(after: condition)))
            guard atWord("else") else { return statement }
            advance()
            guard atWord("if") else {
                statement.otherwise = try parseBlock()
                return statement
            }
        }
    }

    private mutating func parseFor() throws -> ForStatement {
        advance()
        let names = try parseNames()
        try expectIn("`for \(names[0].text) in [1, 2] { … }`, `for \(names[0].text) in 1..10 { … }`")
        let sequence = valueOrInvalid { try $0.parseExpression() }
        return ForStatement(names: names, sequence: sequence, body: try parseBlock(after: sequence))
    }

    private mutating func parseVary() throws -> VaryStatement {
        advance()
        let names = try parseNames()
        try expectIn("`vary \(names[0].text) in [1, 2]`")
        return VaryStatement(names: names, domain: valueOrInvalid { try $0.parseExpression() })
    }

    /// `+ vary …`: the first axis of another group.
    private mutating func parseFurtherVary() throws -> VaryStatement {
        let plus = current
        advance()
        skipLineBreaks()
        if current.kind == .end {
            reportOpenEnd(.unfinishedLine, "no `vary` follows `+`", at: span(plus))
            throw Reported()
        }
        guard atWord("vary") else {
            throw unexpected("`vary`", help: ["`+ vary …` begins another group of cells in a sweep"])
        }
        var statement = try parseVary()
        statement.beginsGroup = true
        return statement
    }

    private mutating func parseNames() throws -> [Name] {
        // `for in list`: the name is missing, rather than called `in`.
        if atWord("in"), !following.isSymbol(.comma), following.kind != .word || spelling(following) != "in" { throw unexpected("a name") }
        var names = [try parseName("a name")]
        while at(.comma) {
            advance()
            names.append(try parseName("a name"))
        }
        return names
    }

    private mutating func expectIn(_ help: String) throws {
        guard atWord("in") else { throw unexpected("`in`", help: [help]) }
        advance()
    }

    private mutating func parseDef() throws -> DefStatement {
        advance()
        guard current.kind == .word else { throw unexpected("the name of the new command") }
        let name = Name(spelling(current), span: span(current))
        if Parser.statementWords.contains(name.text) {
            report(.badName, "`\(name.text)` is a word of the language", at: name.span)
        }
        advance()
        guard at(.openParenthesis) else { throw unexpected("`(` and the parameters of `\(name.text)`", help: ["`def \(name.text)(a, b=1) { … }`, called `\(name.text) 2 b=3`"]) }
        let parameters =
            try parseBracketed(closer: .closeParenthesis, element: "a parameter") { state in
                let parameter = try state.parseName("a parameter")
                guard state.at(.assign) else { return DefStatement.Parameter(name: parameter) }
                state.advance()
                return DefStatement.Parameter(name: parameter, defaultValue: try state.parseExpression())
            }.elements
        return DefStatement(name: name, parameters: parameters, body: try parseBlock())
    }

    /// `{ statement… }`; quiet when `header` is what went wrong.
    mutating func parseBlock(after header: Expression? = nil) throws -> Block {
        guard at(.openBrace) else {
            if header?.kind == .invalid { throw Reported() }
            let help = current.kind == .newline ? ["the `{` stands on the same line"] : at(.assign) ? ["equal is `==`; `=` sets a value"] : []
            throw unexpected("`{`", help: help)
        }
        let opener = index
        try enter(isSaid: header?.kind == .invalid)
        let brackets = openBrackets
        openBrackets = []
        advance()
        let statements = parseStatements(isTopLevel: false)
        openBrackets = brackets
        depth -= 1
        if at(.closeBrace) {
            advance()
        } else {
            _ = brokenBracket(opener, expected: "`}`")
        }
        return Block(statements: statements, span: span(from: opener))
    }

    /// Goes one level down; at the limit says so, unless it `isSaid`, and gives the bracket at hand up.
    mutating func enter(isSaid: Bool = false) throws {
        guard depth < Parser.maximumDepth else {
            if !isSaid {
                report(
                    .tooDeep, "nested more than \(Parser.maximumDepth) deep", at: span(current),
                    help: ["take the inner part out into a `let` or a `def`"])
            }
            if partners[index] > index {
                move(to: partners[index] + 1)
            } else if current.kind.closer != nil {
                gaveUp = true
                move(to: tokens.count - 1)
            }
            throw Reported()
        }
        depth += 1
    }

    /// A plain string.
    mutating func parseLiteralText(_ expectation: String) throws -> LiteralText {
        guard case .string(let parts) = current.kind else {
            throw unexpected(expectation, help: current.kind == .word ? ["write `\"\(spelling(current))\"`"] : [])
        }
        let place = span(current)
        var text = ""
        for part in parts {
            guard case .text(let piece) = part else {
                report(
                    .badInterpolation, "no `{ }` in this string", at: place,
                    help: ["it is read before anything runs; a brace that is only text is written `\\{`"])
                throw Reported()
            }
            text += piece
        }
        advance()
        return LiteralText(text, span: place)
    }

    /// The name of a variable, where one is made.
    mutating func parseName(_ expectation: String) throws -> Name {
        if case .variable = current.kind {
            report(
                .badName, "a name stands without `$` where it is given", at: span(current),
                label: "write `\(spelling(current).dropFirst())`")
            throw Reported()
        }
        guard current.kind == .word else { throw unexpected(expectation) }
        let name = Name(spelling(current), span: span(current))
        if !Parser.isName(name.text) {
            report(
                .badName, "`\(name.text)` cannot name a variable", at: name.span,
                help: ["names are letters, digits and `_`, and `-` before a letter"])
        } else if Parser.reservedWords.contains(name.text) {
            report(.badName, "`\(name.text)` is a word of the language", at: name.span)
        }
        advance()
        return name
    }
}
