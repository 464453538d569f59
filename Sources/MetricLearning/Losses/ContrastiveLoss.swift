import TensorEngine

/// The contrastive loss (Hadsell et al. 2006) over the mined ordered pairs, d the distance of unit rows: the mean of
/// relu(d - positiveMargin) over positive pairs where it is above zero, plus that of relu(negativeMargin - d) over negative ones.
public struct ContrastiveLoss: Loss, Equatable {
    public var positiveMargin: Double
    public var negativeMargin: Double
    /// A pair of several mined triplets counts as often.
    public var miner: Miner

    public init(positiveMargin: Double = 0, negativeMargin: Double = 1, miner: Miner = .all) {
        (self.positiveMargin, self.negativeMargin, self.miner) = (positiveMargin, negativeMargin, miner)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let n = labels.count
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        /// What a pair adds before its mean, and its slope by the cosine; nil where it adds nothing.
        func term(_ cosine: Double, isPositive: Bool) -> (value: Double, slope: Double)? {
            let distance = unitDistance(cosine: cosine)
            let excess = isPositive ? distance.value - positiveMargin : negativeMargin - distance.value
            return excess > 0 ? (excess, isPositive ? distance.slope : -distance.slope) : nil
        }
        func weight(_ partners: KeyPath<MinedTuples.Anchor, [Int]>, isPositive: Bool) -> Double {
            let count = (0..<n).reduce(0) { sum, a in
                sum + mined[a][keyPath: partners].count { term(Double(cosines.value.pointer[a * n + $0]), isPositive: isPositive) != nil }
            }
            return 1 / Double(max(count, 1))
        }
        let (positiveWeight, negativeWeight) = (weight(\.positives, isPositive: true), weight(\.negatives, isPositive: false))
        return try tape.loss(over: cosines, parts: n) { a, s in
            let own = mined[a]
            var total = 0.0
            for (partners, isPositive, weight) in [(own.positives, true, positiveWeight), (own.negatives, false, negativeWeight)] {
                for j in partners {
                    guard let term = term(s.value(a, j), isPositive: isPositive) else { continue }
                    total += weight * term.value
                    s.add(weight * term.slope, a, j)
                }
            }
            return total
        }
    }
}
