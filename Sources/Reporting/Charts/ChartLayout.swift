/// Where everything of a chart stands in a picture, pixels from its upper left corner: what SVG and PNG draw alike.
struct ChartLayout {
    struct Label {
        let text: String
        let x, y: Double
    }

    struct Key {
        let color: Int
        let label: Label
    }

    struct Line {
        let color: Int
        let style: Chart.Style
        let points: [Chart.Point]
    }

    let width, height: Double
    let title: Label?
    let keys: [Key]
    /// The plot's edges.
    let left, top, right, bottom: Double
    let xTicks, yTicks: [Label]
    let xTitle: Label
    /// Written along the left edge, from below.
    let yTitle: Label
    let lines: [Line]
    let xAxis, yAxis: ChartAxis

    static let letterHeight = 16.0

    /// - Parameters:
    ///   - isAlone: with a title and a key of its own; a page writes both around the chart.
    ///   - measure: the width of a text.
    init(_ chart: Chart, width: Double, height: Double, isAlone: Bool, measure: (String) -> Double) {
        let points = chart.series.flatMap(\.points).filter(chart.isShown)
        let yAxis = ChartAxis(points.map(\.y), isLogarithmic: chart.isLogarithmic, ticks: max(2, Int(height / 70)))
        let xAxis = ChartAxis(points.map(\.x), ticks: max(2, Int(width / 110)), isTight: true, isCount: true)
        (self.width, self.height, self.xAxis, self.yAxis) = (width, height, xAxis, yAxis)
        title = isAlone ? Label(text: chart.title, x: 16, y: 26) : nil
        keys = isAlone && chart.named.count > 1 ? Self.keys(chart.named, width: width, measure: measure) : []
        let widest = yAxis.ticks.map { measure($0.label) }.max() ?? 0
        left = (widest + 44).rounded()
        right = width - 18
        top = isAlone ? (keys.last?.label.y ?? 26) + 18 : 12
        bottom = height - 48
        let (left, right, top, bottom) = (left, right, top, bottom)
        func x(_ value: Double) -> Double { left + (right - left) * xAxis.place(value) }
        func y(_ value: Double) -> Double { bottom - (bottom - top) * yAxis.place(value) }
        xTicks = xAxis.ticks.map { Label(text: $0.label, x: x($0.value), y: bottom + 20) }
        yTicks = yAxis.ticks.map { Label(text: $0.label, x: left - 9, y: y($0.value)) }
        xTitle = Label(text: chart.xTitle, x: (left + right) / 2, y: height - 8)
        yTitle = Label(text: chart.yTitle, x: 18, y: (top + bottom) / 2)
        // What is faint lies behind.
        let ordered = chart.series.filter { $0.style == .faint } + chart.series.filter { $0.style != .faint }
        lines = ordered.flatMap { series in
            chart.lines(of: series).map { line in
                Line(color: series.color, style: series.style, points: line.map { Chart.Point(x($0.x), y($0.y)) })
            }
        }
    }

    /// One after the other, in as many rows as they need.
    private static func keys(_ series: [Chart.Series], width: Double, measure: (String) -> Double) -> [Key] {
        var (x, y) = (40.0, 52.0)
        return series.map { series in
            let room = measure(series.name) + 46
            if x > 40, x + room - 46 > width - 18 { (x, y) = (40, y + 22) }
            defer { x += room }
            return Key(color: series.color, label: Label(text: series.name, x: x, y: y))
        }
    }
}
