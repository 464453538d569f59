/// A statement or notion of the language itself, for help and the reference; the parser knows its form.
public struct LanguageTopic: Codable, Hashable, Sendable {
    public var name: String
    /// One line without a full stop.
    public var summary: String
    public var synopsis: [String]
    /// Paragraphs, separated by empty lines.
    public var discussion: String
    /// Whole scripts.
    public var examples: [CommandExample]

    public init(
        _ name: String, _ summary: String, synopsis: [String], discussion: String, examples: [CommandExample] = []
    ) {
        self.name = name
        self.summary = summary
        self.synopsis = synopsis
        self.discussion = discussion
        self.examples = examples
    }
}
