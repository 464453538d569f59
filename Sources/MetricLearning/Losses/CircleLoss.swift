import TensorEngine

/// Circle loss (Sun et al. 2020), s the cosine: softplus(log sum_p exp(-gamma a_p (s - (1 - m))) + log sum_n exp(gamma a_n (s - m))),
/// a_p = relu(1 + m - s) and a_n = relu(s + m) held constant; averaged over the rows where it is above zero.
public struct CircleLoss: Loss, Equatable {
    public var margin: Double
    /// Above 0.
    public var gamma: Double

    public init(margin: Double = 0.4, gamma: Double = 80) { (self.margin, self.gamma) = (margin, gamma) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let n = labels.count
        return try tape.meanOfPositive(over: tape.cosines(embeddings), parts: n) { i, s, weight in
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
            for j in 0..<n where j != i {
                if labels[j] == labels[i] { positive.add(exponent(j).value) } else { negative.add(exponent(j).value) }
            }
            guard positive.terms > 0, negative.terms > 0 else { return 0 }
            let sum = positive.value + negative.value
            for j in 0..<n where j != i {
                let (value, slope) = exponent(j)
                s.add(weight * logistic(sum) * slope * (labels[j] == labels[i] ? positive : negative).share(value), i, j)
            }
            return softplus(sum)
        }
    }
}
