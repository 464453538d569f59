import Foundation
import TensorEngine

/// The Poincaré ball of curvature -c, as Hyp-ViT's program computes it, from products of rows alone: no B x B x D tensor.
public struct PoincareBall: Equatable, Sendable {
    /// c, above 0.
    public let curvature: Double
    /// The length to which longer rows are clipped before the map, above 0.
    public let clip: Double

    public init(curvature: Double, clip: Double) { (self.curvature, self.clip) = (curvature, clip) }

    private var root: Double { curvature.squareRoot() }
    private static let smallest = 1e-5

    /// Rows clipped to a length, mapped by the exponential map at the origin and kept off the rim: (B, D) to (B, D).
    ///
    /// Each step scales a row along itself, so a row x of length r becomes x h(r).
    func mapped(_ x: Variable, _ tape: Tape) -> Variable {
        let (rows, d) = (x.value.rowCount, x.value.width)
        let result = Tensor(uninitialized: x.shape)
        let lengths = (0..<rows).map { row -> Double in
            let values = x.value.pointer + row * d
            return (0..<d).reduce(0) { $0 + Double(values[$1]) * Double(values[$1]) }.squareRoot()
        }
        let factors = lengths.map(factor)
        for row in 0..<rows {
            for i in row * d..<(row + 1) * d { result.pointer[i] = Float(Double(x.value.pointer[i]) * factors[row].value) }
        }
        return tape.record(result, inputs: [x]) { gradient in
            let dx = Tensor(uninitialized: x.shape)
            for row in 0..<rows {
                var along = 0.0
                for i in row * d..<(row + 1) * d { along += Double(gradient.pointer[i]) * Double(x.value.pointer[i]) }
                let radial = factors[row].slope * along / max(lengths[row], 1e-12)
                for i in row * d..<(row + 1) * d {
                    dx.pointer[i] = Float(factors[row].value * Double(gradient.pointer[i]) + radial * Double(x.value.pointer[i]))
                }
            }
            return [dx]
        }
    }

    /// h(r) and its slope.
    private func factor(_ length: Double) -> (value: Double, slope: Double) {
        // Clip: r min(1, clip / (r + 1e-5)).
        let margin = Self.smallest
        let isClipped = clip < length + margin
        let (clipped, clippedSlope) = isClipped
            ? (length * clip / (length + margin), clip * margin / ((length + margin) * (length + margin))) : (length, 1.0)
        // Map: tanh(sqrt(c) r) / sqrt(c), the length held above 1e-5 and the argument below 15.
        let held = max(clipped, margin)
        let scaled = min(root * held, 15)
        let (bounded, share) = (tanh(scaled), clipped / held)
        var mapped = bounded * share / root
        var slope = clipped <= margin ? bounded / (root * held) : root * held < 15 ? 1 - bounded * bounded : 0
        // Rim: at most (1 - 1e-3) / sqrt(c).
        let limit = (1 - 1e-3) / root
        if mapped > limit { (mapped, slope) = (limit, 0) }
        guard length > 0 else { return (slope * clippedSlope, 0) }
        let value = mapped / length
        return (value, (slope * clippedSlope - value) / length)
    }

    /// Minus the hyperbolic distance of all pairs: (B, D) to (B, B).
    func similarities(_ points: Variable, _ tape: Tape) throws -> Variable {
        let products = try tape.matmul(points, points, transposeB: true)
        let n = points.shape[0]
        let result = Tensor(uninitialized: [n, n])
        let (from, to) = (products.value.pointer, result.pointer)
        tape.engine.pool.run(n) { i in
            for j in 0..<n {
                to[i * n + j] = Float(similarity(xy: Double(from[i * n + j]), x2: Double(from[i * n + i]), y2: Double(from[j * n + j])).value)
            }
        }
        return tape.record(result, inputs: [products]) { gradient in
            let slopes = Tensor(zeros: [n, n])
            let from = products.value.pointer
            for i in 0..<n {
                for j in 0..<n {
                    let outer = Double(gradient.pointer[i * n + j])
                    guard outer != 0 else { continue }
                    let s = similarity(xy: Double(from[i * n + j]), x2: Double(from[i * n + i]), y2: Double(from[j * n + j]))
                    slopes.pointer[i * n + j] += Float(outer * s.byXY)
                    slopes.pointer[i * n + i] += Float(outer * s.byX2)
                    slopes.pointer[j * n + j] += Float(outer * s.byY2)
                }
            }
            return [slopes]
        }
    }

    /// -(2 / sqrt c) artanh(sqrt c |-x (+) y|) from the products of x and y, and its slopes by them.
    private func similarity(xy: Double, x2: Double, y2: Double) -> (value: Double, byXY: Double, byX2: Double, byY2: Double) {
        let c = curvature
        let (a, b) = (1 - 2 * c * xy + c * y2, 1 - c * x2)
        let denominator = 1 - 2 * c * xy + c * c * x2 * y2 + Self.smallest
        let squared = a * a * x2 - 2 * a * b * xy + b * b * y2
        let numerator = (max(squared, 0) + 1e-24).squareRoot()
        let length = root * numerator / denominator
        let held = min(max(length, -1 + Self.smallest), 1 - Self.smallest)
        let value = -2 / root * atanh(held)
        guard held == length else { return (value, 0, 0, 0) }
        let byLength = -2 / root / (1 - held * held)
        let byNumerator = byLength * root / denominator
        let byDenominator = -byLength * length / denominator
        let bySquared = squared > 0 ? byNumerator / (2 * numerator) : 0
        let (byA, byB) = (2 * a * x2 - 2 * b * xy, 2 * b * y2 - 2 * a * xy)
        return (
            value,
            bySquared * (byA * -2 * c - 2 * a * b) + byDenominator * -2 * c,
            bySquared * (a * a + byB * -c) + byDenominator * c * c * y2,
            bySquared * (byA * c + b * b) + byDenominator * c * c * x2
        )
    }
}
