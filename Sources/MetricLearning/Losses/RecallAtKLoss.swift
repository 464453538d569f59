import Foundation
import TensorEngine

/// RS@K, the smooth recall at K (Patel et al. 2022), sigma_t(x) = 1 / (1 + exp(-x / t)) with the exponent held within +-50:
///
///     r(q, p) = 1 + sum_{z != p} sigma_rank(s_qz - s_qp),   recall@k(q) = min(k, sum_p sigma_count(k - r(q, p))) / min(k, positives of q)
///
/// One minus the mean over the ks, averaged over the queries that have a positive.
public struct RecallAtKLoss: Loss, Equatable {
    public var ks: [Int]
    /// t of the count, tau1, above 0.
    public var countTemperature: Double
    /// t of the rank, tau2, above 0.
    public var rankTemperature: Double
    /// True ranks the query itself among the others, as the authors' program does; false leaves it out, as the paper says.
    public var includesQuery: Bool
    /// Adds the batch's virtual examples (``SimilarityMixup``) to the queries and to what they look through.
    public var isMixed: Bool

    public init(
        ks: [Int] = [1, 2, 4, 8, 16], countTemperature: Double = 1, rankTemperature: Double = 0.01, includesQuery: Bool = true, isMixed: Bool = false
    ) {
        (self.ks, self.countTemperature, self.rankTemperature) = (ks, countTemperature, rankTemperature)
        (self.includesQuery, self.isMixed) = (includesQuery, isMixed)
    }

    public func callAsFunction(embeddings: Variable, labels: [Int], proxies: Variable?, place: BatchPlace, tape: Tape) throws -> Variable {
        try LossInput.check(embeddings, labels)
        guard !ks.isEmpty, ks.allSatisfy({ $0 >= 1 }) else { throw MetricLearningError("recall at \(ks); expected one k or more, each 1 or more") }
        var (rows, labels) = (tape.normalizeRows(embeddings), labels)
        if isMixed {
            let mixup = SimilarityMixup(labels: labels, place: place)
            (rows, labels) = (try mixup.extended(rows, tape), labels + mixup.labels)
        }
        let items = labels
        let sizes = Dictionary(items.map { ($0, 1) }, uniquingKeysWith: +)
        let weight = 1 / Double(max(items.count { sizes[$0, default: 1] > 1 }, 1))
        return try tape.loss(over: tape.matmul(rows, rows, transposeB: true), parts: items.count) { q, s in
            let positives = items.indices.filter { $0 != q && items[$0] == items[q] }
            return positives.isEmpty ? 0 : query(q, positives, s, weight: weight)
        }
    }

    private func query(_ q: Int, _ positives: [Int], _ s: Slope, weight: Double) -> Double {
        let row = s.values + q * s.columns
        let ranks = positives.map { p in
            var rank = 1.0
            for z in 0..<s.columns where z != p && (includesQuery || z != q) {
                rank += sigmoid(Double(row[z] - row[p]), rankTemperature).value
            }
            return rank
        }
        var recall = 0.0
        var rankSlopes = [Double](repeating: 0, count: ranks.count)
        for k in ks.map({ min($0, s.rows) }) {
            let terms = ranks.map { sigmoid(Double(k) - $0, countTemperature) }
            let count = terms.reduce(0) { $0 + $1.value }
            let most = Double(min(k, positives.count))
            recall += min(count, Double(k)) / most
            guard count <= Double(k) else { continue }
            for i in terms.indices { rankSlopes[i] -= terms[i].slope / most }
        }
        let scale = -weight / Double(ks.count)
        for (p, slope) in zip(positives, rankSlopes) where slope != 0 {
            var own = 0.0
            for z in 0..<s.columns where z != p && (includesQuery || z != q) {
                let along = scale * slope * sigmoid(Double(row[z] - row[p]), rankTemperature).slope
                guard along != 0 else { continue }
                s.add(along, q, z)
                own -= along
            }
            s.add(own, q, p)
        }
        return weight * (1 - recall / Double(ks.count))
    }

    /// sigma_t and its slope, zero where the exponent is held.
    private func sigmoid(_ x: Double, _ temperature: Double) -> (value: Double, slope: Double) {
        let exponent = x / temperature
        guard abs(exponent) <= 50 else { return (exponent > 0 ? 1 : exp(-50), 0) }
        let value = 1 / (1 + exp(-exponent))
        return (value, value * (1 - value) / temperature)
    }
}
