/// Whom the nearest neighbours of a class belong to, for the classes that are mistaken most.
public struct ConfusionMatrix: Sendable {
    public struct Class: Sendable {
        public var name: String
        public var image: PageImage?

        public init(_ name: String, image: PageImage?) {
            self.name = name
            self.image = image
        }
    }

    public var classes: [Class]
    /// Row: the query's class; column: its nearest neighbour's. Shares of the row's queries, 0 to 1.
    public var shares: [[Double]]
    /// Share of the row's queries whose nearest neighbour is of none of these classes.
    public var elsewhere: [Double]

    public init(classes: [Class], shares: [[Double]], elsewhere: [Double]) {
        self.classes = classes
        self.shares = shares
        self.elsewhere = elsewhere
    }

    func html() -> String {
        let head = classes.map { "<th scope=\"col\" title=\"\(HTML.escaped($0.name))\">\(Self.label($0, isColumn: true))</th>" }.joined()
        let rows = classes.indices.map { row in
            let cells = classes.indices.map { column in Self.cell(shares[row][column], isDiagonal: row == column) }
            return "<tr><th scope=\"row\">\(Self.label(classes[row], isColumn: false))</th>\(cells.joined())\(Self.cell(elsewhere[row], isDiagonal: false, isRest: true))</tr>"
        }
        return "<div class=\"scroll\"><table class=\"heat\"><thead><tr><td class=\"corner\"><span>asked ↓ &nbsp; nearest →</span></td>\(head)<th scope=\"col\"><span>others</span></th></tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>"
    }

    private static func label(_ one: Class, isColumn: Bool) -> String {
        let image = one.image.map { "<img src=\"\($0.address)\" width=\"\($0.width)\" height=\"\($0.height)\" alt=\"\">" } ?? ""
        return image + "<span>\(HTML.escaped(one.name))</span>"
    }

    private static func cell(_ share: Double, isDiagonal: Bool, isRest: Bool = false) -> String {
        guard share > 0 else { return "<td></td>" }
        let kind = isDiagonal ? "own" : isRest ? "rest" : "other"
        return "<td class=\"\(kind)\" style=\"--p:\(NumberText.fixed(0.12 + 0.78 * share, decimals: 2))\">\(NumberText.fixed(share * 100, decimals: 0))</td>"
    }
}

/// Two classes of which one is taken for the other.
public struct ConfusedPair: Sendable {
    public var asked, taken: NeighbourRows.Picture
    /// Queries of the first whose nearest neighbour is of the second; and all of its queries.
    public var count, queries: Int

    public init(asked: NeighbourRows.Picture, taken: NeighbourRows.Picture, count: Int, queries: Int) {
        self.asked = asked
        self.taken = taken
        self.count = count
        self.queries = queries
    }

    static func html(_ pairs: [ConfusedPair]) -> String {
        "<ol class=\"pairs\">" + pairs.map { pair in
            let share = Double(pair.count) / Double(max(pair.queries, 1))
            return "<li><img src=\"\(pair.asked.image.address)\" alt=\"\"><span class=\"arrow\">→</span><img src=\"\(pair.taken.image.address)\" alt=\"\"><p><b>\(HTML.escaped(pair.asked.className))</b> taken for <b>\(HTML.escaped(pair.taken.className))</b><span class=\"bar\"><i style=\"width:\(NumberText.fixed(share * 100, decimals: 1))%\"></i></span><small>\(pair.count) of \(pair.queries) queries</small></p></li>"
        }.joined(separator: "\n") + "</ol>"
    }
}
