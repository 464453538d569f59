/// Curves over one axis: what a chart shows, without how.
public struct Chart: Sendable {
    public struct Point: Hashable, Sendable {
        public var x, y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    public enum Style: Sendable {
        case line
        /// A thin line behind the others: the single values that a ``line`` is the mean of.
        case faint
        /// A line with a dot at each point: few points that were measured, not many.
        case dotted
    }

    public struct Series: Sendable {
        public var name: String
        /// In the order of their x; a point that is not finite breaks the line.
        public var points: [Point]
        public var style: Style
        /// Number in the palette; equal for series that belong together.
        public var color: Int

        public init(_ name: String, _ points: [Point], style: Style = .line, color: Int = 0) {
            self.name = name
            self.points = points
            self.style = style
            self.color = color
        }
    }

    public var title: String
    public var xTitle: String
    /// With its unit: `R@1 [%]`.
    public var yTitle: String
    /// Powers of ten at equal distances; values that are not above 0 are left out.
    public var isLogarithmic: Bool
    public var series: [Series]

    public init(_ title: String, x xTitle: String, y yTitle: String, isLogarithmic: Bool = false, series: [Series]) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.isLogarithmic = isLogarithmic
        self.series = series
    }

    /// Whether there is anything to draw.
    public var isEmpty: Bool { !series.contains { $0.points.contains(where: isShown) } }

    func isShown(_ point: Point) -> Bool { point.x.isFinite && point.y.isFinite && (!isLogarithmic || point.y > 0) }

    /// The same with at most `limit` points a series: each the mean of equally many that follow each other.
    public func thinned(to limit: Int) -> Chart {
        var thin = self
        for index in series.indices { thin.series[index].points = Self.thinned(series[index].points, to: limit) }
        return thin
    }

    static func thinned(_ points: [Point], to limit: Int) -> [Point] {
        guard limit > 0, points.count > limit else { return points }
        let size = (points.count + limit - 1) / limit
        return stride(from: 0, to: points.count, by: size).map { start in
            let some = points[start..<min(start + size, points.count)]
            let sum = some.reduce(Point(0, 0)) { Point($0.x + $1.x, $0.y + $1.y) }
            return Point(sum.x / Double(some.count), sum.y / Double(some.count))
        }
    }

    /// Lines without their gaps: each a run of points that are shown.
    func lines(of series: Series) -> [[Point]] {
        series.points.split { !isShown($0) }.map(Array.init)
    }

    /// The series that a key names: one for each name.
    var named: [Series] {
        var seen: Set<String> = []
        return series.filter { $0.style != .faint && !$0.name.isEmpty && seen.insert($0.name).inserted }
    }
}
