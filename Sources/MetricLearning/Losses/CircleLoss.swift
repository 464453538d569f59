import TensorEngine

/// Circle loss (Sun et al. 2020), s the cosine: softplus(log sum_p exp(-gamma a_p (s - (1 - m))) + log sum_n exp(gamma a_n (s - m))),
/// a_p = relu(1 + m - s) and a_n = relu(s + m) held constant, over the mined pairs; averaged over the rows where it is above zero.
public struct CircleLoss: Loss, Equatable {
    public var margin: Double
    /// Above 0.
    public var gamma: Double
    /// A pair of several mined triplets counts once.
    public var miner: Miner

    public init(margin: Double = 0.4, gamma: Double = 80, miner: Miner = .all) { (self.margin, self.gamma, self.miner) = (margin, gamma, miner) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        return try tape.meanOfPositive(over: cosines, parts: labels.count) { i, s, weight in
            let own = mined.distinct(i)
            /// The exponent of a pair and its slope, the weight a held constant.
            func exponent(_ j: Int) -> (value: Double, slope: Double) {
                let cosine = s.value(i, j)
                if labels[j] == labels[i] {
                    let slope = -gamma * max(1 + margin - cosine, 0)
                    return (slope * (cosine - (1 - margin)), slope)
                }
                let slope = gamma * max(cosine + margin, 0)
                return (slope * (cosine - margin), slope)
            }
            var (positive, negative) = (LogSum(), LogSum())
            for j in own.positives { positive.add(exponent(j).value) }
            for j in own.negatives { negative.add(exponent(j).value) }
            guard positive.terms > 0, negative.terms > 0 else { return 0 }
            let sum = positive.value + negative.value
            for j in own.positives + own.negatives {
                let (value, slope) = exponent(j)
                s.add(weight * logistic(sum) * slope * (labels[j] == labels[i] ? positive : negative).share(value), i, j)
            }
            return softplus(sum)
        }
    }
}
