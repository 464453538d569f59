import TensorEngine

/// CosFace (Wang et al. 2018): mean cross-entropy of `scale` times the cosines, the target's less `margin`.
public struct CosFaceLoss: Loss, Codable, Equatable {
    public var margin: Double
    /// Above 0.
    public var scale: Double

    public init(margin: Double = 0.35, scale: Double = 64) { (self.margin, self.scale) = (margin, scale) }

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
