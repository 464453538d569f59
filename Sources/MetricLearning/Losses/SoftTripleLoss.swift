import TensorEngine

/// SoftTriple (Qian et al. 2019): a class's similarity is the mean of its centers' cosines weighted by their softmax over
/// `gamma`; the loss is the mean cross-entropy of `lambda` times these, the target's less `margin`.
public struct SoftTripleLoss: Loss, Equatable {
    /// Above 0.
    public var lambda: Double
    /// Above 0.
    public var gamma: Double
    public var margin: Double
    /// Proxies a class, 1 or more.
    public var centers: Int

    public init(lambda: Double = 20, gamma: Double = 0.1, margin: Double = 0.01, centers: Int = 10) {
        (self.lambda, self.gamma, self.margin, self.centers) = (lambda, gamma, margin, centers)
    }

    public var proxiesPerClass: Int { centers }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        let (proxies, classes) = try LossInput.classes(embeddings, labels, proxies, perClass: centers)
        let weight = 1 / Double(labels.count)
        return try tape.loss(over: tape.cosines(embeddings, proxies), parts: labels.count) { row, s in
            var shares = [Double](repeating: 0, count: classes * centers)
            let similarities = (0..<classes).map { c in
                var sum = LogSum()
                let own = c * centers..<(c + 1) * centers
                for place in own { sum.add(s.value(row, place) / gamma) }
                return own.reduce(0.0) { total, place in
                    shares[place] = sum.share(s.value(row, place) / gamma)
                    return total + shares[place] * s.value(row, place)
                }
            }
            return weight * crossEntropy(
                columns: classes, target: labels[row], logit: { lambda * (similarities[$0] - ($0 == labels[row] ? margin : 0)) },
                slope: { c, slope in
                    // d similarity / d cosine_j = share_j (1 + (cosine_j - similarity) / gamma)
                    for place in c * centers..<(c + 1) * centers {
                        let along = shares[place] * (1 + (s.value(row, place) - similarities[c]) / gamma)
                        s.add(weight * lambda * slope * along, row, place)
                    }
                })
        }
    }
}
