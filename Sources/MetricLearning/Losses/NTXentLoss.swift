import TensorEngine

/// NT-Xent (Sohn 2016; Chen et al. 2020): for each mined positive pair (a, p), cross-entropy of p against a's mined negatives,
/// cosines over a temperature; the mean over positive pairs.
public struct NTXentLoss: Loss, Equatable {
    /// Above 0.
    public var temperature: Double
    /// A pair of several mined triplets counts as often.
    public var miner: Miner

    public init(temperature: Double = 0.07, miner: Miner = .all) { (self.temperature, self.miner) = (temperature, miner) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        // Without a positive and a negative pair there is nothing to compare, and every row adds 0.
        let pairs = labels.indices.reduce(0) { $0 + mined[$1].positives.count }
        let weight = 1 / Double(max(pairs, 1))
        return try tape.loss(over: cosines, parts: labels.count) { a, s in
            let own = mined[a]
            var negatives = LogSum()
            for j in own.negatives { negatives.add(s.value(a, j) / temperature) }
            guard negatives.terms > 0 else { return 0 }
            var (total, negativeShare) = (0.0, 0.0)
            for p in own.positives {
                // log(1 + exp(negatives - s_ap)); its slope is the share of the negatives.
                let gap = negatives.value - s.value(a, p) / temperature
                total += weight * softplus(gap)
                s.add(-weight * logistic(gap) / temperature, a, p)
                negativeShare += weight * logistic(gap)
            }
            for j in own.negatives { s.add(negativeShare * negatives.share(s.value(a, j) / temperature) / temperature, a, j) }
            return total
        }
    }
}
