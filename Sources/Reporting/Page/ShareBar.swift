/// What a whole is made of: one bar, and a line for each part.
public struct ShareBar: Sendable {
    public struct Part: Sendable {
        public var name: String
        public var value: Double
        /// With its unit: `1,459,584`, `4.9 MiB`.
        public var text: String

        public init(_ name: String, _ value: Double, text: String) {
            self.name = name
            self.value = value
            self.text = text
        }
    }

    public var title: String
    /// Largest part first reads best.
    public var parts: [Part]

    public init(_ title: String, parts: [Part]) {
        self.title = title
        self.parts = parts
    }

    func html() -> String {
        let total = max(parts.reduce(0) { $0 + max($1.value, 0) }, .leastNormalMagnitude)
        func percent(_ part: Part) -> Double { max(part.value, 0) / total * 100 }
        let bar = parts.enumerated().map { "<i class=\"b\(ChartPalette.index($0))\" style=\"flex-grow:\(NumberText.fixed(percent($1), decimals: 3))\" title=\"\(HTML.escaped($1.name)) \(HTML.escaped($1.text))\"></i>" }
        let lines = parts.enumerated().map { index, part in
            "<li><i class=\"swatch b\(ChartPalette.index(index))\"></i><span>\(HTML.escaped(part.name))</span><b>\(HTML.escaped(part.text))</b><small>\(NumberText.fixed(percent(part), decimals: 1)) %</small></li>"
        }
        return "<div class=\"shares\"><h3>\(HTML.escaped(title))</h3><div class=\"bar\">\(bar.joined())</div><ul>\(lines.joined())</ul></div>"
    }
}
