import TensorEngine

/// Multi-similarity (Wang et al. 2019) without its miner, s the cosine, averaged over all rows:
///
///     (1/alpha) log(1 + sum_p exp(-alpha (s - base))) + (1/beta) log(1 + sum_n exp(beta (s - base)))
public struct MultiSimilarityLoss: Loss, Codable, Equatable {
    /// Above 0.
    public var alpha: Double
    /// Above 0.
    public var beta: Double
    public var base: Double

    public init(alpha: Double = 2, beta: Double = 50, base: Double = 0.5) { (self.alpha, self.beta, self.base) = (alpha, beta, base) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let n = labels.count
        let weight = 1 / Double(n)
        return try tape.loss(over: tape.cosines(embeddings), parts: n) { i, s in
            func exponent(_ j: Int) -> Double {
                labels[j] == labels[i] ? -alpha * (s.value(i, j) - base) : beta * (s.value(i, j) - base)
            }
            var (positive, negative) = (LogSum(), LogSum())
            positive.add(0)
            negative.add(0)
            for j in 0..<n where j != i {
                if labels[j] == labels[i] { positive.add(exponent(j)) } else { negative.add(exponent(j)) }
            }
            for j in 0..<n where j != i {
                s.add(weight * (labels[j] == labels[i] ? -positive.share(exponent(j)) : negative.share(exponent(j))), i, j)
            }
            return weight * (positive.value / alpha + negative.value / beta)
        }
    }
}
