import Foundation
import TensorEngine

/// Two models asked the same queries: how far their Recall@K lies apart, and whether that may be chance.
public struct PairedComparison: Codable, Equatable, Sendable {
    /// Queries that count.
    public let queries: Int
    /// Recall@K of each, 0 to 1.
    public let first: Double
    public let second: Double
    /// Queries that only the first, only the second found.
    public let onlyFirst: Int
    public let onlySecond: Int
    /// Paired bootstrap interval of `second - first` (``Bootstrap``).
    public let lower: Double
    public let upper: Double
    /// Two-sided p-value of McNemar's exact test: the chance that the queries which only one of them found divide at least so
    /// unevenly, were each side equally likely.
    public let pValue: Double

    /// Of the second model less the first.
    public var difference: Double { second - first }

    /// - Parameters:
    ///   - first: rank of each query's first hit, from 1; 0 for none; -1 for a query that does not count
    ///   - confidence: of the interval, above 0, below 1
    /// - Throws: `MetricLearningError` when the two are not of the same queries, or none counts.
    public init(first: [Int], second: [Int], k: Int, confidence: Double, seed: UInt64, engine: Engine) throws {
        guard first.count == second.count, zip(first, second).allSatisfy({ ($0 < 0) == ($1 < 0) }) else {
            throw MetricLearningError("the two have answers for different queries")
        }
        guard k >= 1, confidence > 0, confidence < 1 else { throw MetricLearningError("a comparison at K = \(k) with an interval of \(confidence)") }
        let pairs = zip(first, second).filter { $0.0 >= 0 }.map { (1...k ~= $0.0, 1...k ~= $0.1) }
        guard !pairs.isEmpty else { throw MetricLearningError("no query counts, so there is nothing to compare") }
        let n = Double(pairs.count)
        queries = pairs.count
        self.first = Double(pairs.count { $0.0 }) / n
        self.second = Double(pairs.count { $0.1 }) / n
        onlyFirst = pairs.count { $0.0 && !$0.1 }
        onlySecond = pairs.count { $0.1 && !$0.0 }
        let differences = pairs.map { ($0.1 ? 1 : 0) - ($0.0 ? 1 : 0) }
        let interval = Bootstrap.meanDifference(differences, confidence: confidence, seed: seed, engine: engine)
        (lower, upper) = (interval.lowerBound, interval.upperBound)
        pValue = Self.exactMcNemar(onlyFirst, onlySecond)
    }

    /// Twice the binomial tail with probability 1/2 of the smaller of the two, at most 1.
    package static func exactMcNemar(_ one: Int, _ other: Int) -> Double {
        let (least, n) = (min(one, other), one + other)
        guard one != other else { return 1 }
        let scale = lgamma(Double(n) + 1) - Double(n) * log(2)
        let tail = (0...least).reduce(0.0) { $0 + exp(scale - lgamma(Double($1) + 1) - lgamma(Double(n - $1) + 1)) }
        return min(1, 2 * tail)
    }
}
