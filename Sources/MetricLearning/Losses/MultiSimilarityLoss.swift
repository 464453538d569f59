import TensorEngine

/// Multi-similarity (Wang et al. 2019), s the cosine, over the mined pairs, averaged over all rows:
///
///     (1/alpha) log(1 + sum_p exp(-alpha (s - base))) + (1/beta) log(1 + sum_n exp(beta (s - base)))
public struct MultiSimilarityLoss: Loss, Equatable {
    /// Above 0.
    public var alpha: Double
    /// Above 0.
    public var beta: Double
    public var base: Double
    /// A pair of several mined triplets counts once.
    public var miner: Miner

    public init(alpha: Double = 2, beta: Double = 50, base: Double = 0.5, miner: Miner = .all) {
        (self.alpha, self.beta, self.base, self.miner) = (alpha, beta, base, miner)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let n = labels.count
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        let weight = 1 / Double(n)
        return try tape.loss(over: cosines, parts: n) { i, s in
            /// log(1 + sum exp(rate (s - base))) / |rate| over the partners; a negative rate is that of positives.
            func term(_ partners: [Int], rate: Double) -> Double {
                // The 1 is the term exp(0).
                var sum = LogSum()
                sum.add(0)
                for j in partners { sum.add(rate * (s.value(i, j) - base)) }
                for j in partners { s.add(weight * (rate < 0 ? -1 : 1) * sum.share(rate * (s.value(i, j) - base)), i, j) }
                return sum.value / abs(rate)
            }
            let own = mined.distinct(i)
            return weight * (term(own.positives, rate: -alpha) + term(own.negatives, rate: beta))
        }
    }
}
