import Foundation
import TensorEngine

/// t-SNE (van der Maaten and Hinton 2008): rows laid out in the plane so that neighbours stay neighbours. Distances between groups,
/// and the sizes of groups, say nothing.
///
/// The gradient is exact, over all pairs, and the start is given (the first principal components, as Kobak and Berens 2019 advise),
/// so that no random number enters: equal rows give equal places, on any number of threads. Memory is N x N; for some thousands of rows.
public struct NeighborEmbedding {
    /// (N, 2)
    public let places: Tensor
    public let perplexity: Double

    private static let iterations = 500
    /// Early iterations pull neighbours together by this much more.
    private static let exaggeration: Float = 12
    private static let exaggerated = 120

    /// - Parameters:
    ///   - rows: (N, E), N at least 8; compared by Euclidean distance
    ///   - start: (N, 2)
    ///   - perplexity: about how many neighbours a row has; at most a third of the others counts
    ///   - onProgress: called between iterations; what it throws ends the work
    /// - Throws: `MetricLearningError` when there are too few rows, or a value is not finite.
    public init(_ rows: Tensor, start: Tensor, perplexity wanted: Double = 30, engine: Engine, onProgress: () throws -> Void = {}) throws {
        guard rows.shape.count == 2, rows.shape[0] >= 8, start.shape == [rows.shape[0], 2], rows.isFinite, start.isFinite else {
            throw MetricLearningError("t-SNE of rows of shape \(rows.shape) from a start of shape \(start.shape); expected 8 finite rows or more, (N, E) and (N, 2)")
        }
        let count = rows.shape[0]
        perplexity = min(wanted, Double(count - 1) / 3)
        let affinities = try Self.affinities(rows, perplexity: perplexity, engine: engine)
        var descent = Descent(start: start, affinities: affinities, engine: engine)
        for iteration in 0..<Self.iterations {
            if iteration % 10 == 0 { try onProgress() }
            let early = iteration < Self.exaggerated
            descent.step(exaggeration: early ? Self.exaggeration : 1, momentum: early ? 0.5 : 0.8)
        }
        places = Tensor(uninitialized: [count, 2])
        for row in 0..<count { (places.pointer[2 * row], places.pointer[2 * row + 1]) = (descent.x[row], descent.y[row]) }
    }

    /// Joint probabilities (N, N): each row's Gaussian is as wide as its perplexity asks for.
    private static func affinities(_ rows: Tensor, perplexity: Double, engine: Engine) throws -> Tensor {
        let count = rows.shape[0]
        let products = Tensor(uninitialized: [count, count])
        try engine.multiply(rows, rows, transposeB: true, into: products)
        let (values, one) = (UnsafePointer(products.pointer), Tensor(uninitialized: [count, count]))
        let target = one.pointer
        engine.pool.run(count) { row in
            let squares = (0..<count).map { other in
                max(0, Double(values[row * count + row]) + Double(values[other * count + other]) - 2 * Double(values[row * count + other]))
            }
            let shares = conditional(squares, leavingOut: row, entropy: log(perplexity))
            for other in 0..<count { target[row * count + other] = Float(shares[other]) }
        }
        let joint = Tensor(uninitialized: [count, count])
        let (from, to) = (UnsafePointer(one.pointer), joint.pointer)
        engine.pool.run(count) { row in
            for other in 0..<count { to[row * count + other] = max((from[row * count + other] + from[other * count + row]) / Float(2 * count), 1e-12) }
        }
        return joint
    }

    /// Shares of a row's neighbours, whose entropy is the one wanted, by bisection of the Gaussian's precision.
    private static func conditional(_ squares: [Double], leavingOut row: Int, entropy wanted: Double) -> [Double] {
        // Distances from the nearest one: the exponentials of the nearest never vanish.
        let nearest = squares.indices.reduce(Double.infinity) { $1 == row ? $0 : min($0, squares[$1]) }
        var (low, high, precision) = (0.0, Double.infinity, 1.0)
        var shares = [Double](repeating: 0, count: squares.count)
        for _ in 0..<60 {
            var (sum, weighted) = (0.0, 0.0)
            for other in squares.indices {
                let distance = squares[other] - nearest
                let weight = other == row ? 0 : exp(-distance * precision)
                shares[other] = weight
                sum += weight
                weighted += weight * distance
            }
            let entropy = log(sum) + precision * weighted / sum
            for other in squares.indices { shares[other] /= sum }
            if abs(entropy - wanted) < 1e-5 { break }
            if entropy > wanted {
                low = precision
                precision = high.isFinite ? (low + high) / 2 : precision * 2
            } else {
                high = precision
                precision = (low + high) / 2
            }
        }
        return shares
    }
}

/// Gradient descent with momentum and a gain for each coordinate, as in van der Maaten's program.
private struct Descent {
    var x, y: [Float]
    private var speedX, speedY, gainX, gainY: [Float]
    private let affinities: Tensor
    private let engine: Engine
    private let rate: Float

    init(start: Tensor, affinities: Tensor, engine: Engine) {
        let count = start.shape[0]
        let spread = (0..<count).reduce(0.0) { $0 + Double(start.pointer[2 * $1]) * Double(start.pointer[2 * $1]) }
        // A small start keeps early forces in the linear range.
        let scale = Float(1e-4 / max((spread / Double(count)).squareRoot(), 1e-12))
        x = (0..<count).map { start.pointer[2 * $0] * scale }
        y = (0..<count).map { start.pointer[2 * $0 + 1] * scale }
        (speedX, speedY) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        (gainX, gainY) = ([Float](repeating: 1, count: count), [Float](repeating: 1, count: count))
        (self.affinities, self.engine) = (affinities, engine)
        rate = max(Float(count) / 12, 50)
    }

    mutating func step(exaggeration: Float, momentum: Float) {
        let count = x.count
        let forces = Forces(x, y, affinities, exaggeration: exaggeration, engine: engine)
        for row in 0..<count {
            let (fx, fy) = forces.total(row)
            (speedX[row], gainX[row]) = Self.moved(speedX[row], gainX[row], fx, rate, momentum)
            (speedY[row], gainY[row]) = Self.moved(speedY[row], gainY[row], fy, rate, momentum)
            x[row] += speedX[row]
            y[row] += speedY[row]
        }
        let (midX, midY) = (x.reduce(0.0) { $0 + Double($1) } / Double(count), y.reduce(0.0) { $0 + Double($1) } / Double(count))
        for row in 0..<count { (x[row], y[row]) = (x[row] - Float(midX), y[row] - Float(midY)) }
    }

    private static func moved(_ speed: Float, _ gain: Float, _ gradient: Float, _ rate: Float, _ momentum: Float) -> (Float, Float) {
        let gain = max(0.01, gradient * speed > 0 ? gain * 0.8 : gain + 0.2)
        return (momentum * speed - rate * gain * gradient, gain)
    }
}

/// For each row: sums over the others that its gradient is made of.
private struct Forces {
    /// Pull x, pull y, push x, push y of each row.
    private var sums: [SIMD4<Float>]
    private let normalizer: Double

    init(_ x: [Float], _ y: [Float], _ affinities: Tensor, exaggeration: Float, engine: Engine) {
        let count = x.count
        var sums = [SIMD4<Float>](repeating: .zero, count: count)
        var kernels = [Double](repeating: 0, count: count)
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                sums.withUnsafeMutableBufferPointer { sums in
                    kernels.withUnsafeMutableBufferPointer { kernels in
                        let (places, totals) = (sums, kernels)
                        engine.pool.run((count + 31) / 32) { part in
                            for row in part * 32..<min(part * 32 + 32, count) {
                                let (sum, total) = Self.row(row, x, y, affinities.pointer + row * count, exaggeration)
                                (places[row], totals[row]) = (sum, total)
                            }
                        }
                    }
                }
            }
        }
        self.sums = sums
        normalizer = kernels.reduce(0, +)
    }

    func total(_ row: Int) -> (Float, Float) {
        let push = Float(1 / max(normalizer, .leastNormalMagnitude))
        return (4 * (sums[row][0] - sums[row][2] * push), 4 * (sums[row][1] - sums[row][3] * push))
    }

    /// Sixteen others at a time; the order of the sums depends on the count alone.
    private static func row(
        _ row: Int, _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, _ affinities: UnsafePointer<Float>, _ exaggeration: Float
    ) -> (SIMD4<Float>, Double) {
        typealias Lanes = SIMD16<Float>
        let (ownX, ownY, count) = (x[row], y[row], x.count)
        var (pullX, pullY, pushX, pushY, kernels) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes())
        var other = 0
        guard let xs = x.baseAddress, let ys = y.baseAddress else { return (.zero, 0) }
        while other + 16 <= count {
            let dx = ownX - UnsafeRawPointer(xs + other).loadUnaligned(as: Lanes.self)
            let dy = ownY - UnsafeRawPointer(ys + other).loadUnaligned(as: Lanes.self)
            let kernel = 1 / (1 + dx * dx + dy * dy)
            let pull = UnsafeRawPointer(affinities + other).loadUnaligned(as: Lanes.self) * kernel
            let push = kernel * kernel
            pullX += pull * dx
            pullY += pull * dy
            pushX += push * dx
            pushY += push * dy
            kernels += kernel
            other += 16
        }
        var sum = SIMD4(pullX.sum() * exaggeration, pullY.sum() * exaggeration, pushX.sum(), pushY.sum())
        var total = Double(kernels.sum())
        while other < count {
            let (dx, dy) = (ownX - xs[other], ownY - ys[other])
            let kernel = 1 / (1 + dx * dx + dy * dy)
            let pull = affinities[other] * kernel * exaggeration
            sum += SIMD4(pull * dx, pull * dy, kernel * kernel * dx, kernel * kernel * dy)
            total += Double(kernel)
            other += 1
        }
        // A row is at no distance from itself, which adds 1 to the kernels and nothing to the forces.
        return (sum, total - 1)
    }
}
