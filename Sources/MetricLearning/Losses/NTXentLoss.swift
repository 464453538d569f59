import TensorEngine

/// NT-Xent (Sohn 2016; Chen et al. 2020): for each positive pair (a, p), cross-entropy of p against a's negatives, cosines
/// over a temperature; the mean over positive pairs.
public struct NTXentLoss: Loss, Equatable {
    /// Above 0.
    public var temperature: Double

    public init(temperature: Double = 0.07) { self.temperature = temperature }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let n = labels.count
        let sizes = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
        let pairs = sizes.values.reduce(0) { $0 + $1 * ($1 - 1) }
        // Without a positive and a negative pair there is nothing to compare.
        let weight = pairs == 0 || sizes.count < 2 ? 0 : 1 / Double(pairs)
        return try tape.loss(over: tape.cosines(embeddings), parts: n) { a, s in
            var negatives = LogSum()
            for j in 0..<n where labels[j] != labels[a] { negatives.add(s.value(a, j) / temperature) }
            guard weight > 0, negatives.terms > 0 else { return 0 }
            var (total, negativeShare) = (0.0, 0.0)
            for p in 0..<n where p != a && labels[p] == labels[a] {
                // log(1 + exp(negatives - s_ap)); its slope is the share of the negatives.
                let gap = negatives.value - s.value(a, p) / temperature
                total += weight * softplus(gap)
                s.add(-weight * logistic(gap) / temperature, a, p)
                negativeShare += weight * logistic(gap)
            }
            for j in 0..<n where labels[j] != labels[a] {
                s.add(negativeShare * negatives.share(s.value(a, j) / temperature) / temperature, a, j)
            }
            return total
        }
    }
}
