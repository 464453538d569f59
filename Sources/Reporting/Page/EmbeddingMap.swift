public import ImageData

/// Pictures as points of the plane, coloured by class: the same ones in one layout or several.
public struct EmbeddingMap: Sendable {
    public struct Layout: Sendable {
        /// `t-SNE`.
        public var title: String
        /// How it was made, and what may be read from it.
        public var note: String
        /// One a picture, in any unit.
        public var points: [Chart.Point]

        public init(_ title: String, note: String, points: [Chart.Point]) {
            self.title = title
            self.note = note
            self.points = points
        }
    }

    /// The run, where several are shown; else empty.
    public var title: String
    public var color: Int
    public var layouts: [Layout]
    /// Of each picture: its name, and its class among `classes`.
    public var names: [String]
    public var labels: [Int]
    public var classes: [String]
    /// Small pictures in the order of the names; nil shows names alone.
    public var sheet: PictureSheet?

    public init(title: String = "", color: Int = 0, layouts: [Layout], names: [String], labels: [Int], classes: [String], sheet: PictureSheet?) {
        self.title = title
        self.color = color
        self.layouts = layouts
        self.names = names
        self.labels = labels
        self.classes = classes
        self.sheet = sheet
    }

    /// - Parameter number: of the map in its page.
    func html(number: Int) -> String {
        let title = title.isEmpty ? "" : "<p class=\"run\"><i class=\"swatch b\(ChartPalette.index(color))\"></i>\(HTML.escaped(title))</p>"
        let buttons = layouts.count < 2 ? "" : layouts.enumerated().map { index, layout in
            "<button type=\"button\" data-layout=\"\(index)\" aria-pressed=\"\(index == 0)\">\(HTML.escaped(layout.title))</button>"
        }.joined()
        let shown = Set(labels).sorted()
        let choices = shown.map { "<option value=\"\($0)\">\(HTML.escaped(classes.indices.contains($0) ? classes[$0] : "\($0)"))</option>" }.joined()
        let first = layouts.first.map { Self.places($0.points) } ?? []
        let dots = zip(first, labels).map { place, label in
            "<circle r=\"5\" style=\"--h:\(Self.hue(label))\" transform=\"translate(\(HTML.json(place.x, decimals: 1)) \(HTML.json(place.y, decimals: 1)))\"/>"
        }.joined()
        let notes = layouts.enumerated().map { "<p class=\"how\"\($0 == 0 ? "" : " hidden")>\(HTML.escaped($1.note))</p>" }.joined()
        return """
            <div class="map" id="map-\(number)">\(title)<div class="tools"><div class="choice" role="group" aria-label="layout">\(buttons)</div><label>class <select><option value="">all</option>\(choices)</select></label></div>
            <svg viewBox="0 0 \(Self.side) \(Self.side)" role="img" aria-label="map of \(names.count) pictures">\(dots)</svg>\(notes)
            <script type="application/json">\(data)</script></div>
            """
    }

    private static let side = 1000

    /// Hues that follow each other lie far apart: each is the golden angle on.
    static func hue(_ label: Int) -> Int { Int((Double(label) * 137.508).truncatingRemainder(dividingBy: 360)) }

    /// In a square of ``side``, one scale for both axes, the middle in the middle.
    private static func places(_ points: [Chart.Point]) -> [Chart.Point] {
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        guard let left = xs.min(), let right = xs.max(), let low = ys.min(), let high = ys.max() else { return [] }
        let scale = Double(side - 40) / max(right - left, high - low, .leastNormalMagnitude)
        let (midX, midY) = ((left + right) / 2, (low + high) / 2)
        return points.map { Chart.Point(Double(side) / 2 + ($0.x - midX) * scale, Double(side) / 2 - ($0.y - midY) * scale) }
    }

    private var data: String {
        let layouts = layouts.map { layout in
            "[" + Self.places(layout.points).map { "\(HTML.json($0.x, decimals: 1)),\(HTML.json($0.y, decimals: 1))" }.joined(separator: ",") + "]"
        }
        var parts = [
            "\"layouts\":[\(layouts.joined(separator: ","))]", "\"names\":\(HTML.json(names))", "\"labels\":[\(labels.map(String.init).joined(separator: ","))]",
            "\"classes\":\(HTML.json(classes))",
        ]
        if let sheet { parts.append("\"sheet\":{\"src\":\"\(sheet.image.address)\",\"tile\":\(sheet.tile),\"columns\":\(sheet.columns)}") }
        return "{" + parts.joined(separator: ",") + "}"
    }
}

/// Small pictures of one size in one, for a page that shows them one at a time.
public struct PictureSheet: Sendable {
    let image: PageImage
    let tile, columns: Int

    /// - Parameter tile: side of the square that each is fitted into, pixels.
    /// - Throws: `ImageError` when the whole would be larger than a WebP may be.
    public init(_ pictures: [RGBImage], tile: Int = 44) throws {
        self.tile = tile
        columns = max(1, Int(Double(pictures.count).squareRoot().rounded(.up)))
        let rows = max(1, (pictures.count + columns - 1) / columns)
        var canvas = Canvas(width: columns * tile, height: rows * tile, color: [255, 255, 255])
        for (index, picture) in pictures.enumerated() {
            let fitted = try picture.fitted(to: tile)
            canvas.paste(fitted, x: index % columns * tile + (tile - fitted.width) / 2, y: index / columns * tile + (tile - fitted.height) / 2)
        }
        image = try PageImage(canvas.image, side: .max)
    }
}
