import Foundation
import TensorEngine

/// ArcFace (Deng et al. 2019) and sub-center ArcFace (Deng et al. 2020): mean cross-entropy of `scale` times the
/// cosines, the target's angle widened by a margin. With several centers a class's cosine is that of its nearest.
public struct ArcFaceLoss: Loss, Equatable {
    /// Degrees, from 0 to below 180.
    public var marginDegrees: Double
    /// Above 0.
    public var scale: Double
    /// Proxies a class, 1 or more.
    public var centers: Int

    public init(marginDegrees: Double = 28.6, scale: Double = 64, centers: Int = 1) {
        (self.marginDegrees, self.scale, self.centers) = (marginDegrees, scale, centers)
    }

    public var proxiesPerClass: Int { centers }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: centers)
        let weight = 1 / Double(labels.count)
        return try tape.loss(over: tape.cosines(embeddings, proxies), parts: labels.count) { row, s in
            // The nearest center of each class, the first among equals.
            let nearest = (0..<classes).map { c in
                (c * centers..<(c + 1) * centers).reduce(c * centers) { s.value(row, $1) > s.value(row, $0) ? $1 : $0 }
            }
            let (target, targetSlope) = widened(s.value(row, nearest[labels[row]]))
            return weight * crossEntropy(
                columns: classes, target: labels[row], logit: { scale * ($0 == labels[row] ? target : s.value(row, nearest[$0])) },
                slope: { s.add(weight * scale * $1 * ($0 == labels[row] ? targetSlope : 1), row, nearest[$0]) })
        }
    }

    /// cos(angle + margin), or cos(angle) - margin sin(margin) where the angle would pass 180 degrees; and its slope by the cosine.
    private func widened(_ cosine: Double) -> (value: Double, slope: Double) {
        let margin = marginDegrees * .pi / 180
        let held = min(max(cosine, -1), 1)
        let angle = acos(held)
        guard angle <= .pi - margin else { return (held - margin * sin(margin), held == cosine ? 1 : 0) }
        // The sine is held off zero: at an angle of 0 the slope is infinite.
        return (cos(angle + margin), held == cosine ? sin(angle + margin) / max(sin(angle), 1e-4) : 0)
    }
}
