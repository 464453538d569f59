import TensorEngine

/// Proxy-NCA (Movshovitz-Attias et al. 2017): the mean of -log softmax of minus the squared distance between unit rows,
/// `scale` times.
public struct ProxyNCALoss: Loss, Codable, Equatable {
    /// Above 0.
    public var scale: Double

    public init(scale: Double = 1) { self.scale = scale }

    public var proxiesPerClass: Int { 1 }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: 1)
        let weight = 1 / Double(labels.count)
        // A squared distance of unit rows is 2 - 2 cos.
        return try tape.loss(over: tape.cosines(embeddings, proxies), parts: labels.count) { row, s in
            weight * crossEntropy(
                columns: classes, target: labels[row], logit: { scale * (2 * s.value(row, $0) - 2) },
                slope: { s.add(weight * 2 * scale * $1, row, $0) })
        }
    }
}
