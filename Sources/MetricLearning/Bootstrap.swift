import RandomStreams
import TensorEngine

/// Intervals for shares of queries by the bootstrap (Efron and Tibshirani 1993, chapter 13): the queries are drawn again with
/// replacement, ``resamples`` times, and the interval holds the middle part of what the share then is. What is drawn is queries, not
/// classes: the interval says what other queries for the same classes could give, not other classes.
public enum Bootstrap {
    public static let resamples = 2000

    /// - Parameters:
    ///   - firstHits: rank of each query's first hit, from 1; 0 for none. At least one.
    ///   - ks: increasing, each 1 or more
    ///   - confidence: above 0, below 1
    /// - Returns: an interval of Recall@K for each K, in their order.
    public static func recall(firstHits: [Int], ks: [Int], confidence: Double, seed: UInt64, engine: Engine) -> [ClosedRange<Double>] {
        // A query is known by the first K that it is a hit for; the last kind is of those that are none.
        let kinds = firstHits.map { hit in ks.firstIndex { hit >= 1 && hit <= $0 } ?? ks.count }
        let shares = resampledCounts(kinds, kinds: ks.count + 1, seed: seed, engine: engine)
        return ks.indices.map { place in
            interval(shares.map { counts in Double(counts[...place].reduce(0, +)) / Double(firstHits.count) }, confidence)
        }
    }

    /// The interval of the mean of `differences`, each -1, 0 or 1, the queries drawn in pairs.
    static func meanDifference(_ differences: [Int], confidence: Double, seed: UInt64, engine: Engine) -> ClosedRange<Double> {
        let shares = resampledCounts(differences.map { $0 + 1 }, kinds: 3, seed: seed, engine: engine)
        return interval(shares.map { Double($0[2] - $0[0]) / Double(differences.count) }, confidence)
    }

    /// How many of each kind a resample has. Each resample has random numbers of its own, so threads do not matter.
    private static func resampledCounts(_ items: [Int], kinds: Int, seed: UInt64, engine: Engine) -> [[Int]] {
        var totals = [Int](repeating: 0, count: kinds)
        for kind in items { totals[kind] += 1 }
        // Drawing a query is drawing its kind with a probability in proportion to how many there are.
        var bounds: [Int] = []
        for total in totals { bounds.append((bounds.last ?? 0) + total) }
        var result = [[Int]](repeating: [], count: resamples)
        result.withUnsafeMutableBufferPointer { result in
            let places = result
            engine.pool.run(resamples) { resample in
                var stream = RandomStream(seed: seed, purpose: .resampling, item: resample)
                var counts = [Int](repeating: 0, count: kinds)
                for _ in items {
                    let draw = stream.below(items.count)
                    var kind = 0
                    while draw >= bounds[kind] { kind += 1 }
                    counts[kind] += 1
                }
                places[resample] = counts
            }
        }
        return result
    }

    static func interval(_ values: [Double], _ confidence: Double) -> ClosedRange<Double> {
        let sorted = values.sorted()
        let (low, high) = (quantile((1 - confidence) / 2, of: sorted), quantile((1 + confidence) / 2, of: sorted))
        return low...max(low, high)
    }

    /// Between the two nearest values, linearly (numpy's `quantile`).
    package static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place.rounded(.down))
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
}
