import Foundation
import TensorEngine

/// What makes one gallery row nearer to a query than another.
public enum RankingMeasure: Equatable, Sendable {
    /// Cosine of the angle; the length of a row does not count.
    case cosine
    /// Euclidean distance; on rows of one length the order is that of the cosine.
    case euclidean
    /// The inner product of the rows as they are; of unit rows the cosine.
    case product
    /// Hyperbolic distance of points of the Poincaré ball of curvature -c, c above 0 (Ermolov et al. 2022).
    case hyperbolic(curvature: Double)

    /// What is reported of a neighbour whose prepared rows have this product: the cosine, (|q|² - d²) / 2, or minus the
    /// hyperbolic distance.
    package func similarity(product: Float) -> Float {
        switch self {
        case .cosine, .euclidean, .product: product
        case .hyperbolic(let curvature): Float(-acosh(max(-Double(product), 1)) / curvature.squareRoot())
        }
    }
}

/// Queries (N, F) and gallery (M, F) prepared so that a larger inner product is nearer: unit rows for the cosine; for the distance
/// q with a 1 and g with -|g|²/2 behind it, since q·g - |g|²/2 = (|q|² - |q - g|²) / 2; for the ball its points on the
/// hyperboloid, (2 sqrt(c) x, 1 + c |x|²) / (1 - c |x|²), where minus the product with one sign turned is cosh(sqrt(c) d).
package struct RankedRows {
    package let queries: Tensor
    package let gallery: Tensor
    /// Whether queries and gallery are the same prepared rows, so that a product is that of its mirror image.
    package let isSymmetric: Bool

    /// - Parameter leavingOut: true when the queries are the gallery.
    /// - Throws: `MetricLearningError` when shapes do not fit or a value is not finite.
    package init(queries: Tensor, gallery: Tensor, leavingOut: Bool, measure: RankingMeasure, engine: Engine) throws {
        guard queries.shape.count == 2, gallery.shape.count == 2, queries.shape[1] == gallery.shape[1], queries.shape[1] > 0 else {
            throw MetricLearningError("queries of shape \(queries.shape) and a gallery of shape \(gallery.shape) do not fit")
        }
        guard !leavingOut || queries.shape == gallery.shape else {
            throw MetricLearningError("queries of shape \(queries.shape) are not the gallery of shape \(gallery.shape), so none can be left out")
        }
        for rows in [queries, gallery] where !rows.isFinite {
            throw MetricLearningError("embeddings of shape \(rows.shape) hold values that are not finite")
        }
        isSymmetric = leavingOut && measure == .cosine
        switch measure {
        case .cosine:
            let tape = Tape(engine: engine, recording: false)
            self.gallery = tape.normalizeRows(tape.constant(gallery)).value
            self.queries = leavingOut ? self.gallery : tape.normalizeRows(tape.constant(queries)).value
        case .product:
            (self.queries, self.gallery) = (queries, gallery)
        case .hyperbolic(let curvature):
            self.gallery = Self.onHyperboloid(gallery, curvature, sign: 1)
            self.queries = Self.onHyperboloid(queries, curvature, sign: -1)
        case .euclidean:
            self.gallery = Self.widened(gallery) { -$0 / 2 }
            self.queries = Self.widened(queries) { _ in 1 }
            guard self.gallery.isFinite else { throw MetricLearningError("embeddings of shape \(gallery.shape) are too long for distances between them") }
        }
    }

    private static func onHyperboloid(_ points: Tensor, _ curvature: Double, sign: Double) -> Tensor {
        let (count, width) = (points.shape[0], points.shape[1])
        let result = Tensor(uninitialized: [count, width + 1])
        for row in 0..<count {
            let (from, to) = (points.pointer + row * width, result.pointer + row * (width + 1))
            let square = curvature * (0..<width).reduce(0) { $0 + Double(from[$1]) * Double(from[$1]) }
            // A point on the rim is infinitely far; the map to the ball keeps points 1e-3 off it.
            let inverse = 1 / max(1 - square, 1e-6)
            for column in 0..<width { to[column] = Float(2 * curvature.squareRoot() * inverse * Double(from[column])) }
            to[width] = Float(sign * (1 + square) * inverse)
        }
        return result
    }

    /// Each row with one more value, made from its squared length.
    private static func widened(_ rows: Tensor, _ last: (Float) -> Float) -> Tensor {
        let (count, width) = (rows.shape[0], rows.shape[1])
        let result = Tensor(uninitialized: [count, width + 1])
        for row in 0..<count {
            let (from, to) = (rows.pointer + row * width, result.pointer + row * (width + 1))
            to.update(from: from, count: width)
            var length = 0.0
            for column in 0..<width { length += Double(from[column]) * Double(from[column]) }
            to[width] = last(Float(length))
        }
        return result
    }
}
