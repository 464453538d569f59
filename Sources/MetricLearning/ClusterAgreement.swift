import Foundation

/// How well clusters agree with classes.
public struct ClusterAgreement: Equatable, Sendable {
    /// Normalised mutual information, 0 to 1: I(clusters; classes) over the mean of the two entropies (Manning et al. 2008,
    /// equation 16.2 with the arithmetic mean; scikit-learn's `normalized_mutual_info_score`). 1 when there is one cluster and one class.
    public let normalizedMutualInformation: Double
    /// F1 over pairs of items, 0 to 1: a pair is found when its items share a cluster, and right when they share a class
    /// (Oh Song et al. 2016). 1 when neither clusters nor classes have a pair.
    public let pairF1: Double

    /// - Parameters:
    ///   - clusters: the cluster of each item, any numbers
    ///   - labels: the class of each item, any numbers
    /// - Throws: `MetricLearningError` when the counts differ or there is no item.
    public init(clusters: [Int], labels: [Int]) throws {
        guard clusters.count == labels.count, !labels.isEmpty else {
            throw MetricLearningError("\(clusters.count) clusters for \(labels.count) labels; expected one each for every item, and an item")
        }
        let items = zip(clusters, labels).sorted { $0 < $1 }
        let together = Self.runs(items) { $0 == $1 }
        let clusterSizes = Self.runs(items) { $0.0 == $1.0 }
        let classSizes = Self.runs(labels.sorted(), by: ==)
        let n = Double(labels.count)

        let entropies = (Self.entropy(clusterSizes, of: n), Self.entropy(classSizes, of: n))
        // I = H(clusters) + H(classes) - H(both), up to rounding.
        let information = entropies.0 + entropies.1 - Self.entropy(together, of: n)
        let scale = (entropies.0 + entropies.1) / 2
        normalizedMutualInformation = scale == 0 ? 1 : information < 1e-14 ? 0 : min(information / scale, 1)

        let (found, wanted, right) = (Self.pairs(clusterSizes), Self.pairs(classSizes), Self.pairs(together))
        pairF1 = found + wanted == 0 ? 1 : 2 * right / (found + wanted)
    }

    /// Lengths of the runs of equal elements.
    private static func runs<Element>(_ sorted: [Element], by areEqual: (Element, Element) -> Bool) -> [Int] {
        var lengths: [Int] = []
        for (index, element) in sorted.enumerated() {
            if index > 0, areEqual(sorted[index - 1], element) { lengths[lengths.count - 1] += 1 } else { lengths.append(1) }
        }
        return lengths
    }

    /// In nats.
    private static func entropy(_ sizes: [Int], of n: Double) -> Double {
        sizes.count < 2 ? 0 : sizes.reduce(0) { $0 - Double($1) / n * log(Double($1) / n) }
    }

    private static func pairs(_ sizes: [Int]) -> Double { sizes.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 } }
}
