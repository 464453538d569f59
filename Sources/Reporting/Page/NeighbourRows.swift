/// Queries with what was found for each, nearest first: right and wrong told by frame and sign.
public struct NeighbourRows: Sendable {
    public struct Picture: Sendable {
        public var image: PageImage
        /// Whole name, shown when pointed at.
        public var name: String
        public var className: String

        public init(_ image: PageImage, name: String, className: String) {
            self.image = image
            self.name = name
            self.className = className
        }
    }

    public struct Neighbour: Sendable {
        public var picture: Picture
        public var similarity: Double
        public var isSameClass: Bool

        public init(_ picture: Picture, similarity: Double, isSameClass: Bool) {
            self.picture = picture
            self.similarity = similarity
            self.isSameClass = isSameClass
        }
    }

    /// What one model found for a query.
    public struct Answer: Sendable {
        /// The run, where several are shown; else empty.
        public var title: String
        public var color: Int
        public var neighbours: [Neighbour]

        public init(title: String = "", color: Int = 0, neighbours: [Neighbour]) {
            self.title = title
            self.color = color
            self.neighbours = neighbours
        }
    }

    public struct Row: Sendable {
        public var query: Picture
        public var answers: [Answer]

        public init(query: Picture, answers: [Answer]) {
            self.query = query
            self.answers = answers
        }
    }

    public var rows: [Row]

    public init(_ rows: [Row]) { self.rows = rows }

    func html() -> String {
        "<div class=\"queries\">" + rows.map { row in
            let answers = row.answers.map { answer in
                let title = answer.title.isEmpty ? "" : "<p class=\"run\"><i class=\"swatch b\(ChartPalette.index(answer.color))\"></i>\(HTML.escaped(answer.title))</p>"
                return "\(title)<div class=\"strip\">\(answer.neighbours.map(Self.html).joined())</div>"
            }
            return "<div class=\"query\">\(Self.figure(row.query, "asked", note: "query"))<div class=\"answers\">\(answers.joined())</div></div>"
        }.joined(separator: "\n") + "</div>"
    }

    private static func html(_ neighbour: Neighbour) -> String {
        figure(neighbour.picture, neighbour.isSameClass ? "right" : "wrong", note: NumberText.fixed(neighbour.similarity, decimals: 3))
    }

    private static func figure(_ picture: Picture, _ verdict: String, note: String) -> String {
        let (name, label) = (HTML.escaped(picture.name), HTML.escaped(picture.className))
        let spoken = verdict == "asked" ? "query" : verdict == "right" ? "right" : "wrong"
        return "<figure class=\"picture \(verdict)\" title=\"\(name)\"><img src=\"\(picture.image.address)\" width=\"\(picture.image.width)\" height=\"\(picture.image.height)\" alt=\"\(spoken): \(name)\"><figcaption><b>\(label)</b><span>\(note)</span></figcaption></figure>"
    }
}
