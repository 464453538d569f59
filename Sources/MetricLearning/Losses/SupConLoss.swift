import TensorEngine

/// Supervised contrastive (Khosla et al. 2020): for each row the mean over its positives of -log softmax over all other
/// rows, cosines over a temperature; averaged over the rows where it is above zero.
public struct SupConLoss: Loss, Equatable {
    /// Above 0.
    public var temperature: Double

    public init(temperature: Double = 0.1) { self.temperature = temperature }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let n = labels.count
        let sizes = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
        guard sizes.count > 1 else { return try tape.loss(over: tape.cosines(embeddings), parts: 0) { _, _ in 0 } }
        return try tape.meanOfPositive(over: tape.cosines(embeddings), parts: n) { i, s, weight in
            let positives = Double(sizes[labels[i], default: 1] - 1)
            guard positives > 0 else { return 0 }
            var all = LogSum()
            for j in 0..<n where j != i { all.add(s.value(i, j) / temperature) }
            var total = 0.0
            for j in 0..<n where j != i {
                let isPositive = labels[j] == labels[i]
                if isPositive { total += (all.value - s.value(i, j) / temperature) / positives }
                s.add(weight * (all.share(s.value(i, j) / temperature) - (isPositive ? 1 / positives : 0)) / temperature, i, j)
            }
            return total
        }
    }
}
