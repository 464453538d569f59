import Diagnostics

/// Tree to text in the canonical form: two blanks a level, one statement a line, parentheses only where they count.
///
/// `Parser.parse(Printer.print(tree))` gives an equal tree, and comments stay with their statements.
public enum Printer {
    public static func print(_ script: Script) -> String {
        var output = ScriptWriter(comments: script.comments)
        output.write(script.statements, before: Int.max)
        return output.text
    }

    /// One statement without comments, without a line feed at its end.
    public static func print(_ statement: Statement) -> String {
        var output = ScriptWriter(comments: [])
        output.write([statement], before: Int.max)
        return String(output.text.dropLast())
    }

    /// An expression as it stands in a `let`.
    public static func print(_ expression: Expression) -> String {
        expression.text(above: 0)
    }
}

private struct ScriptWriter {
    var text = ""
    private var comments: ArraySlice<Comment>
    private var level = 0

    init(comments: [Comment]) {
        self.comments = comments[...]
    }

    private var indent: String { String(repeating: "  ", count: level) }

    /// Statements, and the comments that stand before the byte `end`.
    mutating func write(_ statements: [Statement], before end: Int) {
        for (position, statement) in statements.enumerated() {
            writeComments(before: statement.span.lower)
            text += indent
            write(statement.kind)
            let next = position + 1 < statements.count ? statements[position + 1].span.lower : end
            writeTrailingComment(from: statement.span.lower, before: next)
            text += "\n"
        }
        writeComments(before: end)
    }

    private mutating func writeComments(before end: Int) {
        while let comment = comments.first, comment.span.lower < end {
            text += indent + Self.spelled(comment) + "\n"
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

    private static func spelled(_ comment: Comment) -> String {
        comment.text.isEmpty ? "#" : "# \(comment.text)"
    }

    private mutating func write(_ kind: Statement.Kind) {
        switch kind {
        case .version(let statement):
            text += "vps \(statement.version)"
        case .command(let command):
            text += ([command.name.text] + command.arguments.map(\.text)).joined(separator: " ")
            if let block = command.block { write(block) }
            if let result = command.result { text += " -> \(result.text)" }
        case .let(let statement):
            text += "let \(statement.name.text) = \(statement.value.text(above: 0))"
        case .param(let statement):
            text += "param \(statement.name.text) = \(statement.defaultValue.text(above: 0))"
            if let domain = statement.domain { text += " in \(domain.text(above: 0))" }
            if let summary = statement.summary { text += " " + quoted(summary.text) }
        case .if(let statement):
            for (index, branch) in statement.branches.enumerated() {
                text += (index == 0 ? "if " : " else if ") + branch.condition.text(above: 0)
                write(branch.body)
            }
            if let otherwise = statement.otherwise {
                text += " else"
                write(otherwise)
            }
        case .for(let statement):
            text += "for \(Self.joined(statement.names)) in \(statement.sequence.text(above: 0))"
            write(statement.body)
        case .def(let statement):
            let parameters = statement.parameters.map { parameter in
                parameter.name.text + (parameter.defaultValue.map { "=" + $0.text(above: 0) } ?? "")
            }
            text += "def \(statement.name.text)(\(parameters.joined(separator: ", ")))"
            write(statement.body)
        case .include(let statement):
            text += "include " + quoted(statement.path.text)
        case .assert(let statement):
            text += "assert " + statement.condition.text(above: 0)
            if let message = statement.message { text += " " + message.text(above: 0) }
        case .print(let statement):
            text += "print " + statement.value.text(above: 0)
        case .vary(let statement):
            text += "vary \(Self.joined(statement.names)) in \(statement.domain.text(above: 0))"
        }
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
        write(block.statements, before: block.span.upper)
        level -= 1
        text += indent + "}"
    }
}
