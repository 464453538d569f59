import TensorEngine

/// Supervised contrastive (Khosla et al. 2020): for each row the mean over its mined positives of -log softmax over all its
/// mined pairs, cosines over a temperature; averaged over the rows where it is above zero.
public struct SupConLoss: Loss, Equatable {
    /// Above 0.
    public var temperature: Double
    /// A pair of several mined triplets counts once.
    public var miner: Miner

    public init(temperature: Double = 0.1, miner: Miner = .all) { (self.temperature, self.miner) = (temperature, miner) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        // Without a positive and a negative pair there is nothing to compare.
        let rows = labels.indices
        guard rows.contains(where: { !mined[$0].positives.isEmpty }), rows.contains(where: { !mined[$0].negatives.isEmpty }) else {
            return try tape.loss(over: cosines, parts: 0) { _, _ in 0 }
        }
        return try tape.meanOfPositive(over: cosines, parts: labels.count) { i, s, weight in
            let own = mined.distinct(i)
            guard !own.positives.isEmpty else { return 0 }
            let each = 1 / Double(own.positives.count)
            var all = LogSum()
            for j in own.positives + own.negatives { all.add(s.value(i, j) / temperature) }
            var total = 0.0
            for j in own.positives { total += each * (all.value - s.value(i, j) / temperature) }
            for j in own.positives { s.add(weight * (all.share(s.value(i, j) / temperature) - each) / temperature, i, j) }
            for j in own.negatives { s.add(weight * all.share(s.value(i, j) / temperature) / temperature, i, j) }
            return total
        }
    }
}
