import TensorEngine

/// Mean cross-entropy of `scale` times the cosines to the classes' proxies, the target's cosine less `margin`. Three losses
/// of the field are this one:
///
/// - normalised softmax (Zhai & Wu 2019): no margin, the scale written as 1 / temperature;
/// - Proxy-NCA (Movshovitz-Attias et al. 2017): -log softmax of minus the squared distance of unit rows, which is 2 - 2 cos:
///   no margin, and twice the scale of the distances;
/// - CosFace (Wang et al. 2018).
public struct CosineSoftmaxLoss: Loss, Equatable {
    /// Above 0.
    public var scale: Double
    /// On the cosine.
    public var margin: Double

    public init(scale: Double, margin: Double = 0) { (self.scale, self.margin) = (scale, margin) }

    /// - Parameter temperature: above 0
    public static func normalizedSoftmax(temperature: Double) -> CosineSoftmaxLoss { CosineSoftmaxLoss(scale: 1 / temperature) }

    /// - Parameter scale: of the squared distances, above 0
    public static func proxyNCA(scale: Double) -> CosineSoftmaxLoss { CosineSoftmaxLoss(scale: 2 * scale) }

    public var proxiesPerClass: Int { 1 }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: 1)
        let weight = 1 / Double(labels.count)
        return try tape.loss(over: tape.cosines(embeddings, proxies), parts: labels.count) { row, s in
            weight * crossEntropy(
                columns: classes, target: labels[row], logit: { scale * (s.value(row, $0) - ($0 == labels[row] ? margin : 0)) },
                slope: { s.add(weight * scale * $1, row, $0) })
        }
    }
}
