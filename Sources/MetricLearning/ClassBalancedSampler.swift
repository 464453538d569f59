import RandomStreams

/// Batches of B/k classes with k images each, the sampler of proxy-based metric learning (Ren et al. 2024, method section 7).
///
/// A batch draws its classes without replacement and then k images of each, with replacement only where a class has
/// fewer than k. An epoch has floor(images / B) batches. Each batch is a function of seed, epoch and its own number, so
/// resuming in the middle of an epoch needs no history.
public struct ClassBalancedSampler: Sendable {
    public let batchSize: Int
    public let perClass: Int
    public let batchesPerEpoch: Int
    /// The items of each class, classes in ascending order of label, items in ascending order.
    private let classes: [[Int]]

    /// - Parameters:
    ///   - labels: the class of item i
    ///   - batchSize: B, a multiple of `perClass`
    ///   - perClass: k, at least 1
    /// - Throws: `MetricLearningError` when the sizes do not fit each other or the items.
    public init(labels: [Int], batchSize: Int, perClass: Int) throws {
        guard perClass >= 1 else { throw MetricLearningError("per-class is \(perClass); expected 1 or more") }
        guard batchSize >= 1 else { throw MetricLearningError("batch is \(batchSize); expected 1 or more") }
        guard batchSize % perClass == 0 else {
            let lower = batchSize / perClass * perClass
            let near = lower > 0 ? "\(lower) or \(lower + perClass)" : "\(perClass)"
            throw MetricLearningError("batch \(batchSize) is not a multiple of per-class \(perClass); a batch of \(near) would be")
        }
        let groups = Dictionary(grouping: labels.indices, by: { labels[$0] })
        guard batchSize / perClass <= groups.count else {
            throw MetricLearningError(
                "a batch of \(batchSize) with \(perClass) per class needs \(batchSize / perClass) classes, but the training set has \(groups.count); "
                    + "use batch=\(groups.count * perClass) or less, or a larger per-class")
        }
        guard batchSize <= labels.count else {
            throw MetricLearningError("batch \(batchSize) is larger than the training set of \(labels.count) images; an epoch would have no batch")
        }
        self.batchSize = batchSize
        self.perClass = perClass
        batchesPerEpoch = labels.count / batchSize
        classes = groups.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The items of one batch: k of the first class, k of the second, and so on.
    public func batch(_ index: Int, seed: UInt64, epoch: Int) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .sampling, epoch: epoch, item: index)
        var items: [Int] = []
        items.reserveCapacity(batchSize)
        for place in Self.distinct(batchSize / perClass, below: classes.count, from: &stream) {
            let members = classes[place]
            if members.count >= perClass {
                items += Self.distinct(perClass, below: members.count, from: &stream).map { members[$0] }
            } else {
                for _ in 0..<perClass { items.append(members[stream.below(members.count)]) }
            }
        }
        return items
    }

    /// All batches of an epoch.
    public func batches(seed: UInt64, epoch: Int) -> [[Int]] {
        (0..<batchesPerEpoch).map { batch($0, seed: seed, epoch: epoch) }
    }

    /// The first `count` places of a random permutation of 0..<bound; only the places it moved are stored.
    private static func distinct(_ count: Int, below bound: Int, from stream: inout RandomStream) -> [Int] {
        var moved: [Int: Int] = [:]
        return (0..<count).map { place in
            let other = place + stream.below(bound - place)
            let chosen = moved[other] ?? other
            moved[other] = moved[place] ?? place
            return chosen
        }
    }
}
