internal import ImageData

/// An RGB picture under construction. What is drawn must lie inside it.
struct Canvas {
    let width, height: Int
    private var pixels: [UInt8]

    init(width: Int, height: Int, color: [UInt8]) {
        self.width = width
        self.height = height
        pixels = (0..<width * height).flatMap { _ in color }
    }

    var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, color: [UInt8]) {
        let row = (0..<width).flatMap { _ in color }
        for line in y..<y + height { write(row[...], x: x, y: line) }
    }

    mutating func paste(_ image: RGBImage, x: Int, y: Int) {
        for line in 0..<image.height {
            let start = line * image.width * 3
            write(image.pixels[start..<start + image.width * 3], x: x, y: y + line)
        }
    }

    private mutating func write(_ row: ArraySlice<UInt8>, x: Int, y: Int) {
        let start = (y * width + x) * 3
        pixels.replaceSubrange(start..<start + row.count, with: row)
    }
}
