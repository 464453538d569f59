import TensorEngine

/// Normalised softmax (Zhai & Wu 2019): mean cross-entropy of cosines over a temperature.
public struct NormalizedSoftmaxLoss: Loss, Codable, Equatable {
    /// Above 0.
    public var temperature: Double

    public init(temperature: Double = 0.05) { self.temperature = temperature }

    public var proxiesPerClass: Int { 1 }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: 1)
        let weight = 1 / Double(labels.count)
        return try tape.loss(over: tape.cosines(embeddings, proxies), parts: labels.count) { row, s in
            weight * crossEntropy(
                columns: classes, target: labels[row], logit: { s.value(row, $0) / temperature },
                slope: { s.add(weight / temperature * $1, row, $0) })
        }
    }
}
