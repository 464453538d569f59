import Diagnostics

/// Tree to text in the canonical form: two blanks a level, one statement a line, parentheses only where they count, at
/// most one empty line between statements, lines over ``LineFill/widest`` columns broken.
///
/// `Parser.parse(Printer.print(tree))` gives an equal tree, and comments stay with their statements.
public enum Printer {
    /// - Parameter source: the text that the tree was parsed from: where a comment stands inside an expression, the
    ///   expression keeps its author's lines; without the text the comment moves behind the statement.
    public static func print(_ script: Script, source: [UInt8]? = nil) -> String {
        var output = ScriptWriter(script, source: source)
        output.write(script.statements, before: Int.max)
        return output.text
    }

    /// One statement without comments, without a line feed at its end.
    public static func print(_ statement: Statement) -> String {
        var output = ScriptWriter(Script(statements: [statement]), source: nil)
        output.write([statement], before: Int.max)
        return String(output.text.dropLast())
    }

    /// An expression as it stands in a `let`, on one line.
    public static func print(_ expression: Expression) -> String {
        LineFill.onOneLine(expression.text(above: 0))
    }
}

private struct ScriptWriter {
    var text = ""
    private let source: [UInt8]?
    private var comments: ArraySlice<Comment>
    private var emptyLines: ArraySlice<Int>
    /// Where in the source what was written last ends; nil at the start of a block, which no empty line follows.
    private var lastEnd: Int?
    private var level = 0

    init(_ script: Script, source: [UInt8]?) {
        self.source = source
        comments = script.comments[...]
        emptyLines = script.emptyLines[...]
    }

    private var indent: String { String(repeating: "  ", count: level) }

    // MARK: Lines

    /// Statements, and the comments that stand before the byte `end`.
    mutating func write(_ statements: [Statement], before end: Int) {
        for (position, statement) in statements.enumerated() {
            writeComments(before: statement.span.lower)
            writeEmptyLine(before: statement.span.lower)
            text += indent
            write(statement.kind)
            lastEnd = statement.span.upper
            let next = position + 1 < statements.count ? statements[position + 1].span.lower : end
            writeTrailingComment(from: statement.span.lower, before: next)
            text += "\n"
        }
        writeComments(before: end)
    }

    /// One, where the source has one or more.
    private mutating func writeEmptyLine(before start: Int) {
        while let line = emptyLines.first, line < start {
            emptyLines.removeFirst()
            guard let lastEnd, lastEnd <= line else { continue }
            text += "\n"
            self.lastEnd = nil
        }
    }

    private mutating func writeComments(before end: Int) {
        while let comment = comments.first, comment.span.lower < end {
            writeEmptyLine(before: comment.span.lower)
            text += indent + Self.spelled(comment) + "\n"
            lastEnd = max(lastEnd ?? 0, comment.span.upper)
            comments.removeFirst()
        }
    }

    private mutating func writeTrailingComment(from start: Int, before end: Int) {
        guard let comment = comments.first, comment.followsCode, start <= comment.span.lower, comment.span.lower < end else {
            return
        }
        text += "  " + Self.spelled(comment)
        comments.removeFirst()
    }

    /// `##` stays together, and so does the `#!` that names the program on the first line.
    private static func spelled(_ comment: Comment) -> String {
        if comment.text.isEmpty { return "#" }
        let isTight = comment.text.hasPrefix("#") || comment.text.hasPrefix("!") && comment.span.lower == 0
        return (isTight ? "#" : "# ") + comment.text
    }

    // MARK: Statements

    private mutating func write(_ kind: Statement.Kind) {
        switch kind {
        case .version(let statement):
            put("vps \(statement.version)")
        case .command(let command):
            let result = command.result.map { " -> \($0.text)" } ?? ""
            let words = [command.name.text] + command.arguments.map { written($0) }
            put(words.joined(separator: String(LineFill.betweenArguments)), rest: command.block == nil ? result.count : 2)
            if let block = command.block { write(block) }
            text += result
        case .let(let statement):
            put("let \(statement.name.text) = \(written(statement.value))")
        case .param(let statement):
            var line = "param \(statement.name.text) = \(written(statement.defaultValue))"
            if let domain = statement.domain { line += " in \(written(domain))" }
            if let summary = statement.summary { line += " " + quoted(summary.text) }
            put(line)
        case .if(let statement):
            for (index, branch) in statement.branches.enumerated() {
                put((index == 0 ? "if " : " else if ") + written(branch.condition), rest: 2)
                write(branch.body)
            }
            if let otherwise = statement.otherwise {
                text += " else"
                write(otherwise)
            }
        case .for(let statement):
            put("for \(Self.joined(statement.names)) in \(written(statement.sequence))", rest: 2)
            write(statement.body)
        case .def(let statement):
            let parameters = statement.parameters.map { parameter in
                parameter.name.text + (parameter.defaultValue.map { "=" + written($0) } ?? "")
            }
            put("def \(statement.name.text)(\(parameters.joined(separator: ",\(LineFill.inBrackets)")))", rest: 2)
            write(statement.body)
        case .include(let statement):
            text += "include " + quoted(statement.path.text)
        case .assert(let statement):
            var line = "assert " + written(statement.condition)
            if let message = statement.message { line += " " + written(message) }
            put(line)
        case .print(let statement):
            put("print " + written(statement.value))
        case .vary(let statement):
            put((statement.beginsGroup ? "+ " : "") + "vary \(Self.joined(statement.names)) in \(written(statement.domain))")
        }
    }

    private mutating func put(_ line: String, rest: Int = 0) {
        text += LineFill.fill(line, indent: indent.utf8.count, rest: rest)
    }

    private static func joined(_ names: [Name]) -> String {
        names.map(\.text).joined(separator: ", ")
    }

    private mutating func write(_ block: Block) {
        let first = block.statements.first?.span.lower ?? block.span.upper
        let isEmpty = block.statements.isEmpty && (comments.first.map { $0.span.lower >= block.span.upper } ?? true)
        guard !isEmpty else {
            text += " {}"
            return
        }
        text += " {"
        writeTrailingComment(from: block.span.lower, before: first)
        text += "\n"
        level += 1
        lastEnd = nil
        write(block.statements, before: block.span.upper)
        level -= 1
        text += indent + "}"
    }

    // MARK: Expressions

    /// As it stands in a command.
    private mutating func written(_ argument: Argument) -> String {
        let value = authored(argument.value) ?? argument.value.argumentText
        return (argument.name.map { "\($0.text)=" } ?? "") + value
    }

    private mutating func written(_ expression: Expression) -> String {
        authored(expression) ?? expression.text(above: 0)
    }

    /// The lines of the source, where comments stand between them; those comments are done with then.
    private mutating func authored(_ expression: Expression) -> String? {
        let span = expression.span
        guard let source, comments.contains(where: { $0.span.lower < span.upper }) else { return nil }
        let inside = comments.filter { span.lower < $0.span.lower && $0.span.lower < span.upper }
        guard !inside.isEmpty, span.lower >= 0, span.upper <= source.count else { return nil }
        let raw = String(decoding: source[span.lower..<span.upper], as: UTF8.self)
        for text in [Self.withoutBlanksAtLineEnds(raw), raw] where Self.reads(text, as: expression, inside) {
            comments.removeAll { span.lower < $0.span.lower && $0.span.lower < span.upper }
            return text
        }
        return nil
    }

    private static func withoutBlanksAtLineEnds(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }
            .map { line in String(line.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed()) }
            .joined(separator: "\n")
    }

    private static func reads(_ text: String, as expression: Expression, _ inside: [Comment]) -> Bool {
        guard !text.contains(where: { $0 == LineFill.inBrackets || $0 == LineFill.betweenArguments }) else { return false }
        let result = Parser.parse(Array("let x = \(text)".utf8), file: 0)
        guard result.diagnostics.isEmpty, case .let(let statement)? = result.script.statements.first?.kind else { return false }
        return statement.value == expression && result.script.comments.map(\.text) == inside.map(\.text)
    }
}
