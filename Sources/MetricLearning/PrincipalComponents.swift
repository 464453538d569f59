import RandomStreams
import TensorEngine

/// The directions in which rows differ most (Pearson 1901), and where the rows lie along them.
///
/// By orthogonal iteration from a fixed start, so that equal rows give equal places. Each direction points to where its
/// largest part is positive.
public struct PrincipalComponents {
    /// (rows, components), the mean at 0.
    public let places: Tensor
    /// Share of the rows' variance along each, the largest first, 0 to 1.
    public let explained: [Double]

    private static let iterations = 120
    /// Directions carried along beyond those asked for: they keep the last one from mixing with the next.
    private static let spare = 6

    /// - Parameters:
    ///   - rows: (N, E), N at least 2
    ///   - components: 1 to E
    /// - Throws: `MetricLearningError` when there are too few rows or a value is not finite.
    public init(_ rows: Tensor, components: Int, engine: Engine) throws {
        guard rows.shape.count == 2, rows.shape[0] >= 2, components >= 1, components <= rows.shape[1], rows.isFinite else {
            throw MetricLearningError("\(components) principal components of rows of shape \(rows.shape); expected 2 finite rows or more, and 1 to E components")
        }
        let (count, width) = (rows.shape[0], rows.shape[1])
        let centered = Self.centered(rows)
        let covariance = Tensor(uninitialized: [width, width])
        try engine.multiply(centered, centered, transposeA: true, alpha: 1 / Float(count - 1), into: covariance)
        let total = (0..<width).reduce(0.0) { $0 + Double(covariance.pointer[$1 * width + $1]) }

        let carried = min(width, components + Self.spare)
        var stream = RandomStream(seed: 0, purpose: .initialization, name: "principal components")
        // Transposed, a direction a row: rows are what lies together.
        var directions = Tensor(uninitialized: [carried, width])
        for index in 0..<carried * width { directions.pointer[index] = Float(stream.normal()) }
        Self.orthonormalize(directions)
        let next = Tensor(uninitialized: [carried, width])
        for _ in 0..<Self.iterations {
            try engine.multiply(directions, covariance, into: next)
            directions = next.copy()
            Self.orthonormalize(directions)
        }
        try engine.multiply(directions, covariance, into: next)
        let variances = (0..<carried).map { row in
            (0..<width).reduce(0.0) { $0 + Double(next.pointer[row * width + $1]) * Double(directions.pointer[row * width + $1]) }
        }
        let order = (0..<carried).sorted { (variances[$1], $0) < (variances[$0], $1) }.prefix(components)
        let chosen = Tensor(uninitialized: [components, width])
        for (place, row) in order.enumerated() { Self.copyTurned(directions.pointer + row * width, to: chosen.pointer + place * width, count: width) }
        places = Tensor(uninitialized: [count, components])
        try engine.multiply(centered, chosen, transposeB: true, into: places)
        explained = order.map { total > 0 ? max(0, variances[$0]) / total : 0 }
    }

    private static func centered(_ rows: Tensor) -> Tensor {
        let (count, width) = (rows.shape[0], rows.shape[1])
        var means = [Double](repeating: 0, count: width)
        for row in 0..<count { for column in 0..<width { means[column] += Double(rows.pointer[row * width + column]) } }
        let result = Tensor(uninitialized: [count, width])
        for row in 0..<count {
            for column in 0..<width {
                let index = row * width + column
                result.pointer[index] = Float(Double(rows.pointer[index]) - means[column] / Double(count))
            }
        }
        return result
    }

    /// Gram-Schmidt, twice, which is enough; a direction that vanishes becomes an axis.
    private static func orthonormalize(_ directions: Tensor) {
        let (count, width) = (directions.shape[0], directions.shape[1])
        for row in 0..<count {
            let own = directions.pointer + row * width
            for _ in 0..<2 {
                for earlier in 0..<row {
                    let other = directions.pointer + earlier * width
                    let product = dot(own, other, width)
                    for column in 0..<width { own[column] = Float(Double(own[column]) - product * Double(other[column])) }
                }
                let length = dot(own, own, width).squareRoot()
                if length < 1e-12 {
                    for column in 0..<width { own[column] = column == row ? 1 : 0 }
                } else {
                    for column in 0..<width { own[column] = Float(Double(own[column]) / length) }
                }
            }
        }
    }

    private static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
        (0..<count).reduce(0.0) { $0 + Double(a[$1]) * Double(b[$1]) }
    }

    private static func copyTurned(_ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int) {
        var largest: Float = 0
        for index in 0..<count where abs(from[index]) > abs(largest) { largest = from[index] }
        for index in 0..<count { to[index] = largest < 0 ? -from[index] : from[index] }
    }
}
