/// A report as one HTML file that asks nothing of any other: what it shows, in order. How it looks is ``html()``'s.
public struct ReportPage: Sendable {
    /// A figure that the page opens with.
    public struct Fact: Sendable {
        public var name, value, note: String

        public init(_ name: String, _ value: String, note: String = "") {
            self.name = name
            self.value = value
            self.note = note
        }
    }

    public struct Section: Sendable {
        /// One word, for its address within the page.
        public var name: String
        public var title: String
        /// What is seen, and how it was made; plain text.
        public var lead: String
        public var blocks: [Block]

        public init(_ name: String, _ title: String, lead: String = "", _ blocks: [Block]) {
            self.name = name
            self.title = title
            self.lead = lead
            self.blocks = blocks
        }
    }

    public enum Block: Sendable {
        case charts([Chart])
        case table(PageTable)
        case neighbours(NeighbourRows)
        case confusion(ConfusionMatrix)
        case confusedPairs([ConfusedPair])
        case maps([EmbeddingMap])
        case shares(ShareBar)
        case listing(ScriptListing)
        /// Names and values.
        case facts([Fact])
        /// Something that is missing, and why.
        case note(String)
        /// A heading inside of the section.
        case heading(String)
        /// Closed until someone opens it.
        case folded(String, [Block])
    }

    public var title: String
    public var subtitle: String
    public var facts: [Fact]
    /// What the reader must know before the figures.
    public var notes: [String]
    /// Those without blocks are not shown.
    public var sections: [Section]
    /// Names of what the colours of the charts stand for; empty where each chart says it.
    public var key: [String]
    /// Under the page: what made it.
    public var colophon: String

    public init(title: String, subtitle: String, facts: [Fact] = [], notes: [String] = [], sections: [Section], key: [String] = [], colophon: String) {
        self.title = title
        self.subtitle = subtitle
        self.facts = facts
        self.notes = notes
        self.sections = sections
        self.key = key
        self.colophon = colophon
    }
}
