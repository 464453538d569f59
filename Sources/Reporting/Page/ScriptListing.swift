/// A script with colours.
public struct ScriptListing: Sendable {
    /// What a piece of text is; its raw value is the name of its colour.
    public enum Kind: String, Sendable { case plain, keyword, command, option, number, string, variable, comment, symbol }

    public struct Piece: Sendable {
        public var text: String
        public var kind: Kind

        public init(_ text: String, _ kind: Kind) {
            self.text = text
            self.kind = kind
        }
    }

    public var title: String
    /// Together the whole text.
    public var pieces: [Piece]

    public init(_ title: String, pieces: [Piece]) {
        self.title = title
        self.pieces = pieces
    }

    package func html() -> String {
        var lines = [""]
        for piece in pieces {
            for (number, part) in piece.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if number > 0 { lines.append("") }
                guard !part.isEmpty else { continue }
                let text = HTML.escaped(String(part))
                lines[lines.count - 1] += piece.kind == .plain ? text : "<span class=\"t-\(piece.kind.rawValue)\">\(text)</span>"
            }
        }
        while lines.count > 1, lines.last == "" { lines.removeLast() }
        let title = title.isEmpty ? "" : "<h3>\(HTML.escaped(title))</h3>"
        return "<div class=\"listing\">\(title)<pre><code>\(lines.map { "<span class=\"l\">\($0)\n</span>" }.joined())</code></pre></div>"
    }
}
