import TensorEngine

/// Generalised lifted structure (Hermans et al. 2017), d the distance of unit rows:
/// relu(log sum_p exp(d - positiveMargin) + log sum_n exp(negativeMargin - d)) over the mined pairs, averaged over all rows;
/// a sum without terms counts 0.
public struct LiftedStructureLoss: Loss, Equatable {
    public var positiveMargin: Double
    public var negativeMargin: Double
    /// A pair of several mined triplets counts once.
    public var miner: Miner

    public init(positiveMargin: Double = 0, negativeMargin: Double = 1, miner: Miner = .all) {
        (self.positiveMargin, self.negativeMargin, self.miner) = (positiveMargin, negativeMargin, miner)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        let weight = 1 / Double(labels.count)
        return try tape.loss(over: cosines, parts: labels.count) { i, s in
            let own = mined.distinct(i)
            func exponent(_ j: Int) -> (value: Double, slope: Double) {
                let distance = unitDistance(cosine: s.value(i, j))
                return labels[j] == labels[i] ? (distance.value - positiveMargin, distance.slope) : (negativeMargin - distance.value, -distance.slope)
            }
            var (positive, negative) = (LogSum(), LogSum())
            for j in own.positives { positive.add(exponent(j).value) }
            for j in own.negatives { negative.add(exponent(j).value) }
            let sum = (positive.terms > 0 ? positive.value : 0) + (negative.terms > 0 ? negative.value : 0)
            guard sum > 0 else { return 0 }
            for j in own.positives + own.negatives {
                let (value, slope) = exponent(j)
                s.add(weight * slope * (labels[j] == labels[i] ? positive : negative).share(value), i, j)
            }
            return weight * sum
        }
    }
}
