import TensorFiles

/// Position embeddings for another number of patches than they were learned on.
enum PositionEmbedding {
    /// Resampled as timm's loader does it (`resample_abs_pos_embed`): leading tokens' rows stay, the patches' square grid goes
    /// through a bicubic filter (Keys 1981, a = -0.5), stretched over more of the source where the grid shrinks.
    ///
    /// - Parameters:
    ///   - array: (1, leading + g x g, D)
    ///   - side: of the new grid, patches
    /// - Returns: (1, leading + side x side, D)
    static func resampled(_ array: NamedArray, leading: Int, to side: Int) -> NamedArray {
        guard array.shape.count == 3, let grid = gridSide(array.shape[1] - leading), grid > 0, side > 0, grid != side else { return array }
        let d = array.shape[2]
        let weights = (0..<side).map { taps(at: $0, from: grid, to: side) }
        let start = leading * d
        // Down the columns, then along the rows.
        var tall = [Float](repeating: 0, count: side * grid * d)
        for row in 0..<side {
            for tap in weights[row] {
                for i in 0..<grid * d { tall[row * grid * d + i] += tap.weight * array.values[start + tap.source * grid * d + i] }
            }
        }
        var values = Array(array.values[..<start]) + [Float](repeating: 0, count: side * side * d)
        for row in 0..<side {
            for column in 0..<side {
                let to = start + (row * side + column) * d
                for tap in weights[column] {
                    for i in 0..<d { values[to + i] += tap.weight * tall[(row * grid + tap.source) * d + i] }
                }
            }
        }
        return NamedArray(name: array.name, shape: [1, leading + side * side, d], values: values)
    }

    /// The side of a square of so many patches; nil when they make none.
    static func gridSide(_ patches: Int) -> Int? {
        guard patches > 0 else { return nil }
        let side = Int(Double(patches).squareRoot().rounded())
        return side * side == patches ? side : nil
    }

    /// Source places of an output place and their weights, which sum to one.
    private static func taps(at place: Int, from size: Int, to outputs: Int) -> [(source: Int, weight: Float)] {
        let scale = Double(size) / Double(outputs)
        let stretch = max(scale, 1)
        let center = scale * (Double(place) + 0.5)
        let first = max(Int(center - 2 * stretch + 0.5), 0), last = min(Int(center + 2 * stretch + 0.5), size)
        let weights = (first..<max(last, first + 1)).map { cubic((Double($0) - center + 0.5) / stretch) }
        let sum = weights.reduce(0, +)
        return weights.enumerated().map { (first + $0, Float($1 / sum)) }
    }

    private static func cubic(_ x: Double) -> Double {
        let (x, a) = (abs(x), -0.5)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
