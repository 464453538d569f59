import TensorEngine

/// The triplet margin loss (Schroff et al. 2015): relu(d_ap - d_an + margin), d the distance of unit rows, averaged over
/// the mined triplets where it is above zero.
public struct TripletLoss: Loss, Equatable {
    public var margin: Double
    public var miner: Miner

    public init(margin: Double = 0.05, miner: Miner = .all) { (self.margin, self.miner) = (margin, miner) }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        let cosines = try tape.cosines(embeddings)
        let n = labels.count
        let mined = miner.mined(from: cosines.value, labels: labels, width: embeddings.shape[1], place: place, pool: tape.engine.pool)
        func distances(_ row: UnsafePointer<Float>) -> [(value: Double, slope: Double)] { (0..<n).map { unitDistance(cosine: Double(row[$0])) } }
        var violators = [Int](repeating: 0, count: n)
        violators.withUnsafeMutableBufferPointer { violators in
            let places = violators
            tape.engine.pool.run(n) { a in
                let d = distances(cosines.value.pointer + a * n)
                mined.forEachTriplet(of: a) { p, q in
                    if d[p].value - d[q].value + margin > 0 { places[a] += 1 }
                }
            }
        }
        let weight = 1 / Double(max(violators.reduce(0, +), 1))
        return try tape.loss(over: cosines, parts: n) { a, s in
            guard violators[a] > 0 else { return 0 }
            let d = distances(s.values + a * n)
            var total = 0.0
            var slopes = [Double](repeating: 0, count: n)
            mined.forEachTriplet(of: a) { p, q in
                let excess = d[p].value - d[q].value + margin
                guard excess > 0 else { return }
                total += weight * excess
                slopes[p] += weight
                slopes[q] -= weight
            }
            for i in 0..<n where slopes[i] != 0 { s.add(slopes[i] * d[i].slope, a, i) }
            return total
        }
    }
}
