public import Diagnostics

/// A parsed script. Trees are equal when they say the same: spans, comments and the spelling of numbers do not count.
public struct Script: Equatable, Sendable {
    public var statements: [Statement]
    /// Comments in the order in which they stand, without the `#`.
    @Uncompared public var comments: [Comment]
    /// UTF-8 offsets of the lines that hold nothing but blanks, in order; those inside strings are not among them.
    @Uncompared public var emptyLines: [Int]

    public init(statements: [Statement], comments: [Comment] = [], emptyLines: [Int] = []) {
        self.statements = statements
        self.comments = comments
        self.emptyLines = emptyLines
    }
}

/// `# text` up to the end of its line.
public struct Comment: Hashable, Sendable {
    public var text: String
    public var span: SourceSpan
    /// True when something else stands before it on its line.
    public var followsCode: Bool

    public init(text: String, span: SourceSpan, followsCode: Bool) {
        self.text = text
        self.span = span
        self.followsCode = followsCode
    }
}

/// One statement; its span reaches from its first word to its last token.
public struct Statement: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case version(VersionStatement)
        case command(CommandStatement)
        case `let`(LetStatement)
        case param(ParamStatement)
        case `if`(IfStatement)
        case `for`(ForStatement)
        case def(DefStatement)
        case include(IncludeStatement)
        case assert(AssertStatement)
        case print(PrintStatement)
        case vary(VaryStatement)
    }

    public var kind: Kind
    @Uncompared public var span: SourceSpan

    public init(_ kind: Kind, span: SourceSpan) {
        self.kind = kind
        self.span = span
    }
}

/// `{ statement… }`; the span includes both braces.
public struct Block: Equatable, Sendable {
    public var statements: [Statement]
    @Uncompared public var span: SourceSpan

    public init(statements: [Statement], span: SourceSpan) {
        self.statements = statements
        self.span = span
    }
}

/// A name as it stands in the source: of a command, an option, a variable, a field.
public struct Name: Hashable, Sendable {
    public var text: String
    @Uncompared public var span: SourceSpan

    public init(_ text: String, span: SourceSpan) {
        self.text = text
        self.span = span
    }
}
