public import Diagnostics

/// What ``Parser/parse(_:file:)`` found.
public struct ParseResult: Sendable {
    /// Every statement that could be understood.
    public var script: Script
    /// Every error of the text, in source order; empty when the text is a script.
    public var diagnostics: [Diagnostic]
    /// True exactly when the text is not a script yet but more input after it could make it one.
    public var isIncomplete: Bool
}

public enum Parser {
    /// Deepest nesting of expressions and of blocks that is accepted.
    public static let maximumDepth = 100
}
