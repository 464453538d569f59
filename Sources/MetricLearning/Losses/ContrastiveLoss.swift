import TensorEngine

/// The contrastive loss (Hadsell et al. 2006) over all ordered pairs, d the distance of unit rows: the mean of
/// relu(d - positiveMargin) over positive pairs where it is above zero, plus that of relu(negativeMargin - d) over negative ones.
public struct ContrastiveLoss: Loss, Codable, Equatable {
    public var positiveMargin: Double
    public var negativeMargin: Double

    public init(positiveMargin: Double = 0, negativeMargin: Double = 1) {
        (self.positiveMargin, self.negativeMargin) = (positiveMargin, negativeMargin)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let n = labels.count
        /// What a pair adds before its mean, and its slope by the cosine; nil where it adds nothing.
        func term(_ i: Int, _ j: Int, _ cosine: Double) -> (value: Double, slope: Double)? {
            guard i != j else { return nil }
            let distance = unitDistance(cosine: cosine)
            let isPositive = labels[i] == labels[j]
            let excess = isPositive ? distance.value - positiveMargin : negativeMargin - distance.value
            return excess > 0 ? (excess, isPositive ? distance.slope : -distance.slope) : nil
        }
        var (positives, negatives) = (0, 0)
        for i in 0..<n {
            for j in 0..<n where term(i, j, Double(cosines.value.pointer[i * n + j])) != nil {
                if labels[i] == labels[j] { positives += 1 } else { negatives += 1 }
            }
        }
        let (positiveWeight, negativeWeight) = (1 / Double(max(positives, 1)), 1 / Double(max(negatives, 1)))
        return try tape.loss(over: cosines, parts: n) { i, s in
            var total = 0.0
            for j in 0..<n {
                guard let term = term(i, j, s.value(i, j)) else { continue }
                let weight = labels[i] == labels[j] ? positiveWeight : negativeWeight
                total += weight * term.value
                s.add(weight * term.slope, i, j)
            }
            return total
        }
    }
}
