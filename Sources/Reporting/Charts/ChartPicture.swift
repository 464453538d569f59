internal import EmbeddedAssets
public import ImageData

extension Chart {
    /// The chart as pixels, on white.
    /// - Throws: `AssetError` when the letters that ship with the program are missing.
    public func picture(width: Int = 960, height: Int = 540) throws -> RGBImage {
        let letters = try Letters()
        var raster = Raster(width: width, height: height, ground: [255, 255, 255], letters: letters)
        let layout = ChartLayout(self, width: Double(width), height: Double(height), isAlone: true, measure: letters.width)
        let (ink, quiet, grid) = (ChartPalette.bytes("#1f2328"), ChartPalette.bytes("#59636e"), ChartPalette.bytes("#d7dbe0"))
        func color(_ number: Int) -> [UInt8] { ChartPalette.bytes(ChartPalette.light[ChartPalette.index(number)]) }
        if let title = layout.title { try raster.write(title.text, x: title.x, y: title.y, color: ink) }
        for key in layout.keys {
            raster.stroke([Point(key.label.x - 24, key.label.y - 5.5), Point(key.label.x - 8, key.label.y - 5.5)], width: 2.2, color: color(key.color))
            try raster.write(key.label.text, x: key.label.x, y: key.label.y, color: quiet)
        }
        for tick in layout.yTicks {
            let y = tick.y.rounded() + 0.5
            raster.stroke([Point(layout.left, y), Point(layout.right, y)], width: 1, color: grid)
            try raster.write(tick.text, x: tick.x, y: tick.y + 6, share: 1, color: quiet)
        }
        let floor = layout.bottom.rounded() + 0.5
        raster.stroke([Point(layout.left, floor), Point(layout.right, floor)], width: 1, color: quiet)
        for tick in layout.xTicks { try raster.write(tick.text, x: tick.x, y: tick.y, share: 0.5, color: quiet) }
        try raster.write(layout.xTitle.text, x: layout.xTitle.x, y: layout.xTitle.y, share: 0.5, color: quiet)
        try raster.write(layout.yTitle.text, x: layout.yTitle.x, y: layout.yTitle.y, share: 0.5, color: quiet, isUpward: true)
        for line in layout.lines {
            raster.stroke(line.points, width: line.style == .faint ? 1 : 2.2, color: color(line.color), opacity: line.style == .faint ? 0.38 : 1)
            if line.style == .dotted || line.points.count == 1 {
                for point in line.points { raster.dot(point, radius: 3.5, color: color(line.color)) }
            }
        }
        return raster.image
    }
}
