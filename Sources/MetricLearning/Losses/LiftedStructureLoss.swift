import TensorEngine

/// Generalised lifted structure (Hermans et al. 2017), d the distance of unit rows:
/// relu(log sum_p exp(d - positiveMargin) + log sum_n exp(negativeMargin - d)), averaged over all rows; a sum without terms counts 0.
public struct LiftedStructureLoss: Loss, Equatable {
    public var positiveMargin: Double
    public var negativeMargin: Double

    public init(positiveMargin: Double = 0, negativeMargin: Double = 1) {
        (self.positiveMargin, self.negativeMargin) = (positiveMargin, negativeMargin)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let n = labels.count
        let weight = 1 / Double(n)
        return try tape.loss(over: tape.cosines(embeddings), parts: n) { i, s in
            func exponent(_ j: Int) -> (value: Double, slope: Double) {
                let distance = unitDistance(cosine: s.value(i, j))
                return labels[j] == labels[i] ? (distance.value - positiveMargin, distance.slope) : (negativeMargin - distance.value, -distance.slope)
            }
            var (positive, negative) = (LogSum(), LogSum())
            for j in 0..<n where j != i {
                if labels[j] == labels[i] { positive.add(exponent(j).value) } else { negative.add(exponent(j).value) }
            }
            let sum = (positive.terms > 0 ? positive.value : 0) + (negative.terms > 0 ? negative.value : 0)
            guard sum > 0 else { return 0 }
            for j in 0..<n where j != i {
                let (value, slope) = exponent(j)
                s.add(weight * slope * (labels[j] == labels[i] ? positive : negative).share(value), i, j)
            }
            return weight * sum
        }
    }
}
