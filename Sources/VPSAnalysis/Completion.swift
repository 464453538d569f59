/// What may stand where the cursor is.
public struct Completion: Hashable, Sendable {
    public enum Kind: String, Sendable { case command, statement, option, flag, word, variable, field, function, path, topic }

    /// What replaces the unfinished word; an option ends in `=`, a folder in `/`.
    public var text: String
    public var kind: Kind
    /// One line for a menu.
    public var summary: String

    public init(_ text: String, _ kind: Kind, _ summary: String) {
        self.text = text
        self.kind = kind
        self.summary = summary
    }
}

/// The completions at a place, and the part of the text that they replace.
public struct CompletionList: Hashable, Sendable {
    /// UTF-8 offsets of the line; ends at the cursor.
    public var replaces: Range<Int>
    public var completions: [Completion]
}
