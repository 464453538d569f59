import Foundation
import TensorEngine

/// Hyp-ViT's loss (Ermolov et al. 2022): rows are clipped, mapped to the Poincaré ball of curvature -c and compared by minus
/// the hyperbolic distance; with c = 0 they are unit rows compared by their cosine.
///
/// With m images a class, for each ordered pair of image places (i, j) of the classes: cross-entropy that finds, for each
/// class's image i, its own image j among the images j of all classes and the images i of the others, similarities over
/// `temperature`; the mean over classes, summed over the pairs of places.
public struct HyperbolicLoss: Loss, Equatable {
    /// tau, above 0.
    public var temperature: Double
    /// c, 0 or more.
    public var curvature: Double
    /// The length to which longer rows are clipped before the map, above 0.
    public var clip: Double

    public init(temperature: Double = 0.2, curvature: Double = 0.1, clip: Double = 2.3) {
        (self.temperature, self.curvature, self.clip) = (temperature, curvature, clip)
    }

    public var space: EmbeddingSpace { curvature > 0 ? .ball(PoincareBall(curvature: curvature, clip: clip)) : .sphere }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let groups = try SemanticProxies.Groups(labels: labels, classes: (labels.max() ?? 0) + 1)
        let similarities: Variable
        switch space {
        case .ball(let ball): similarities = try ball.similarities(ball.mapped(embeddings, tape), tape)
        case .sphere: similarities = try tape.cosines(embeddings)
        }
        let (size, count) = (groups.size, groups.classes.count)
        let weight = 1 / Double(count)
        return try tape.loss(over: similarities, parts: labels.count) { row, s in
            let (own, place) = (row / size, row % size)
            var total = 0.0
            for other in 0..<size where other != place {
                // Columns 0 up to below `count`: image `other` of each class. Then image `place` of the other classes.
                func column(_ c: Int) -> Int {
                    if c < count { return c * size + other }
                    let group = c - count
                    return (group < own ? group : group + 1) * size + place
                }
                total += weight * crossEntropy(
                    columns: 2 * count - 1, target: own, logit: { s.value(row, column($0)) / temperature },
                    slope: { s.add(weight * $1 / temperature, row, column($0)) })
            }
            return total
        }
    }
}
