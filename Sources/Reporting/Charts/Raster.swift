internal import EmbeddedAssets
internal import Glibc
internal import ImageData

/// A picture drawn with smooth edges: lines, dots and text over a ground.
struct Raster {
    let width, height: Int
    private var pixels: [UInt8]
    private let letters: Letters

    init(width: Int, height: Int, ground: [UInt8], letters: Letters) {
        self.width = width
        self.height = height
        self.letters = letters
        pixels = (0..<width * height).flatMap { _ in ground }
    }

    var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

    /// A line through points, its joints and ends round. Where it crosses itself it is not darker.
    mutating func stroke(_ points: [Chart.Point], width line: Double, color: [UInt8], opacity: Double = 1) {
        guard let first = points.first else { return }
        let reach = line / 2 + 1
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        let columns = range((xs.min() ?? 0) - reach, (xs.max() ?? 0) + reach, width)
        let rows = range((ys.min() ?? 0) - reach, (ys.max() ?? 0) + reach, height)
        var coverage = Coverage(columns: columns, rows: rows)
        let pieces = points.count == 1 ? [(first, first)] : Array(zip(points, points.dropFirst()))
        for (from, to) in pieces {
            coverage.add(
                from, to, line, columns: range(min(from.x, to.x) - reach, max(from.x, to.x) + reach, width),
                rows: range(min(from.y, to.y) - reach, max(from.y, to.y) + reach, height))
        }
        for row in rows {
            for column in columns {
                let share = coverage[row, column]
                if share > 0 { blend(row * width + column, color, Double(share) * opacity) }
            }
        }
    }

    mutating func dot(_ center: Chart.Point, radius: Double, color: [UInt8]) { stroke([center], width: 2 * radius, color: color) }

    /// The pixels from low to high that there are.
    private func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = Int(min(max(low.rounded(.down), 0), Double(count)))
        return first..<max(first, Int(min(max(high.rounded(.up), 0), Double(count))))
    }

    private mutating func blend(_ pixel: Int, _ color: [UInt8], _ share: Double) {
        for channel in 0..<3 {
            let old = Double(pixels[pixel * 3 + channel])
            pixels[pixel * 3 + channel] = UInt8((old + (Double(color[channel]) - old) * share).rounded())
        }
    }

    func width(of text: String) -> Double { letters.width(text) }

    /// A line of text; a letter that there is no picture of is a box.
    /// - Parameters:
    ///   - x: where it begins, or ends at `share` 1, or has its middle at 0.5.
    ///   - y: the line that letters stand on.
    ///   - isUpward: turned to read from below; x and y then change their parts.
    mutating func write(_ text: String, x: Double, y: Double, share: Double = 0, color: [UInt8], isUpward: Bool = false) throws {
        var pen = -letters.width(text) * share
        for letter in text {
            guard let (tile, advance) = try letters.letter(letter) else {
                let corners = [(1, -11), (8, -11), (8, 0), (1, 0), (1, -11)].map { isUpward ? Chart.Point(x + $0.1, y - pen - $0.0) : Chart.Point(x + pen + $0.0, y + $0.1) }
                stroke(corners, width: 1, color: color)
                pen += Letters.unknownAdvance
                continue
            }
            let start = Int((isUpward ? y - pen : x + pen).rounded()), line = Int((isUpward ? x : y).rounded())
            for row in 0..<tile.height {
                for column in 0..<tile.width {
                    let ink = tile.pixels[(row * tile.width + column) * 3]
                    let (along, across) = (column - letters.left, row - letters.baseline)
                    let (px, py) = isUpward ? (line + across, start - along) : (start + along, line + across)
                    guard ink > 0, (0..<width).contains(px), (0..<height).contains(py) else { continue }
                    blend(py * width + px, color, Double(ink) / 255)
                }
            }
            pen += advance
        }
    }
}

/// How much of each pixel of a rectangle a line covers, 0 to 1.
private struct Coverage {
    private let columns, rows: Range<Int>
    private var shares: [Float]

    init(columns: Range<Int>, rows: Range<Int>) {
        (self.columns, self.rows) = (columns, rows)
        shares = [Float](repeating: 0, count: columns.count * rows.count)
    }

    subscript(row: Int, column: Int) -> Float { shares[(row - rows.lowerBound) * columns.count + column - columns.lowerBound] }

    /// A piece of line, by the distance of each pixel's middle from it.
    mutating func add(_ from: Chart.Point, _ to: Chart.Point, _ width: Double, columns some: Range<Int>, rows few: Range<Int>) {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let square = dx * dx + dy * dy
        for row in few {
            for column in some {
                let (x, y) = (Double(column) + 0.5 - from.x, Double(row) + 0.5 - from.y)
                let along = square > 0 ? min(max((x * dx + y * dy) / square, 0), 1) : 0
                let share = Float(min(max(width / 2 + 0.5 - hypot(x - along * dx, y - along * dy), 0), 1))
                let index = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
                if share > shares[index] { shares[index] = share }
            }
        }
    }
}
