public import ImageData

/// A query and its nearest neighbours in a row: the query in a neutral frame, then each neighbour framed green when it
/// is of the query's class, red when it is not, blue when the query's class is unknown.
public struct RetrievalPicture: Sendable {
    public enum Verdict: Sendable { case sameClass, otherClass, unknown }

    public struct Neighbour: Sendable {
        public let image: RGBImage
        public let verdict: Verdict

        public init(_ image: RGBImage, _ verdict: Verdict) {
            self.image = image
            self.verdict = verdict
        }
    }

    /// Pixels: side of the square that an image is fitted into, frame around it, space between frames.
    public static let tile = 112, frame = 4, spacing = 8

    package static let neutral: [UInt8] = [70, 70, 70]
    package static let paper: [UInt8] = [255, 255, 255]

    public let query: RGBImage
    /// Nearest first.
    public let neighbours: [Neighbour]

    public init(query: RGBImage, neighbours: [Neighbour]) {
        self.query = query
        self.neighbours = neighbours
    }

    /// Upper left corner of a frame: index 0 is the query, which stands apart by another space.
    package static func origin(_ index: Int) -> (x: Int, y: Int) {
        (spacing + index * (tile + 2 * frame + spacing) + (index > 0 ? spacing : 0), spacing)
    }

    package static func color(_ verdict: Verdict) -> [UInt8] {
        switch verdict {
        case .sameClass: [38, 162, 72]
        case .otherClass: [205, 40, 46]
        case .unknown: [84, 120, 170]
        }
    }

    /// The row as an image of the neighbours' number of tiles plus one.
    public func render() throws -> RGBImage {
        let right = Self.origin(neighbours.count).x + Self.tile + 2 * Self.frame
        var canvas = Canvas(width: right + Self.spacing, height: Self.tile + 2 * (Self.frame + Self.spacing), color: Self.paper)
        try draw(query, color: Self.neutral, at: 0, on: &canvas)
        for (index, neighbour) in neighbours.enumerated() {
            try draw(neighbour.image, color: Self.color(neighbour.verdict), at: index + 1, on: &canvas)
        }
        return canvas.image
    }

    private func draw(_ image: RGBImage, color: [UInt8], at index: Int, on canvas: inout Canvas) throws {
        let (x, y) = Self.origin(index)
        let outer = Self.tile + 2 * Self.frame
        canvas.fill(x: x, y: y, width: outer, height: outer, color: color)
        canvas.fill(x: x + Self.frame, y: y + Self.frame, width: Self.tile, height: Self.tile, color: Self.paper)
        // The longer side fills the tile.
        let longer = max(image.width, image.height, 1)
        let width = max(1, image.width * Self.tile / longer)
        let height = max(1, image.height * Self.tile / longer)
        let fitted = try Resampler.resize(image, width: width, height: height, interpolation: .bicubic)
        canvas.paste(fitted, x: x + Self.frame + (Self.tile - width) / 2, y: y + Self.frame + (Self.tile - height) / 2)
    }
}
