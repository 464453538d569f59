import TensorEngine

/// The triplet margin loss over all triplets of a batch (Schroff et al. 2015): relu(d_ap - d_an + margin), d the distance
/// of unit rows, averaged over the triplets where it is above zero.
public struct TripletLoss: Loss, Codable, Equatable {
    public var margin: Double

    public init(margin: Double = 0.05) { self.margin = margin }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let n = labels.count
        func violation(_ positive: Double, _ negative: Double) -> Double { positive - negative + margin }
        let distances = Self.distances(cosines.value, tape)
        var violators = [Int](repeating: 0, count: n)
        for a in 0..<n {
            let row = a * n
            for p in 0..<n where p != a && labels[p] == labels[a] {
                for q in 0..<n where labels[q] != labels[a] && violation(distances[row + p].value, distances[row + q].value) > 0 { violators[a] += 1 }
            }
        }
        let weight = 1 / Double(max(violators.reduce(0, +), 1))
        return try tape.loss(over: cosines, parts: n) { a, s in
            guard violators[a] > 0 else { return 0 }
            let row = a * n
            var total = 0.0
            var slopes = [Double](repeating: 0, count: n)
            for p in 0..<n where p != a && labels[p] == labels[a] {
                for q in 0..<n where labels[q] != labels[a] {
                    let excess = violation(distances[row + p].value, distances[row + q].value)
                    guard excess > 0 else { continue }
                    total += weight * excess
                    slopes[p] += weight
                    slopes[q] -= weight
                }
            }
            for i in 0..<n where slopes[i] != 0 { s.add(slopes[i] * distances[row + i].slope, a, i) }
            return total
        }
    }

    /// Distances of all pairs and their slopes by the cosine.
    private static func distances(_ cosines: Tensor, _ tape: Tape) -> [(value: Double, slope: Double)] {
        (0..<cosines.count).map { unitDistance(cosine: Double(cosines.pointer[$0])) }
    }
}
