import Foundation
import RandomStreams
import TensorEngine

/// Which pairs or triplets of a batch enter a loss, d the distance of unit rows and s their cosine; the definitions of
/// pytorch-metric-learning.
public enum Miner: Equatable, Sendable {
    case all
    /// Triplets whose negative is farther than the positive, but by no more than the margin: 0 < d_an - d_ap <= margin
    /// (Schroff et al. 2015).
    case semihard(margin: Double)
    /// Triplets whose negative is no farther than the positive.
    case hard
    /// For each anchor its farthest positive with its nearest negative (Hermans et al. 2017).
    case batchHard
    /// For each anchor as many triplets as its class has images: a positive at random, and a negative drawn so that
    /// distances, not negatives, are equally likely (Wu et al. 2017); distances below `cutoff` count as `cutoff`, and
    /// negatives from `farthest` on are not drawn.
    case distanceWeighted(cutoff: Double, farthest: Double)
    /// Positive pairs with s - epsilon < the anchor's largest s to a negative, and negative pairs with s + epsilon > its
    /// smallest s to a positive (Wang et al. 2019).
    case multiSimilarity(epsilon: Double)

    /// - Parameters:
    ///   - cosines: of all rows with each other, (B, B)
    ///   - width: E, of the rows; the weight of a distance depends on it
    package func mined(from cosines: Tensor, labels: [Int], width: Int, place: BatchPlace, pool: WorkerPool) -> MinedTuples {
        if self == .all { return MinedTuples(allOf: labels) }
        let n = labels.count
        var anchors = [MinedTuples.Anchor](repeating: MinedTuples.Anchor(), count: n)
        anchors.withUnsafeMutableBufferPointer { anchors in
            let places = anchors
            pool.run(n) { a in
                let row = UnsafeBufferPointer(start: UnsafePointer(cosines.pointer) + a * n, count: n)
                places[a] = chosen(from: MinedTuples.Anchor(a, amongAll: labels), cosines: row, width: width, stream: stream(a, of: n, place))
            }
        }
        return MinedTuples(anchors, areTriplets: givesTriplets)
    }

    private var givesTriplets: Bool {
        switch self {
        case .all, .multiSimilarity: false
        case .semihard, .hard, .batchHard, .distanceWeighted: true
        }
    }

    /// Each anchor draws its own numbers, so that threads change nothing.
    private func stream(_ anchor: Int, of count: Int, _ place: BatchPlace) -> RandomStream {
        RandomStream(seed: place.seed, purpose: .mining, epoch: place.epoch, item: place.step &* count &+ anchor)
    }

    private func chosen(from all: MinedTuples.Anchor, cosines: UnsafeBufferPointer<Float>, width: Int, stream: RandomStream) -> MinedTuples.Anchor {
        switch self {
        case .all: return all
        case .semihard(let margin): return all.triplets(cosines) { $0 > 0 && $0 <= margin }
        case .hard: return all.triplets(cosines) { $0 <= 0 }
        case .batchHard:
            guard let farthest = all.positives.min(by: { cosines[$0] < cosines[$1] }), let nearest = all.negatives.max(by: { cosines[$0] < cosines[$1] })
            else { return MinedTuples.Anchor() }
            return MinedTuples.Anchor(positives: [farthest], negatives: [nearest])
        case .distanceWeighted(let cutoff, let farthest):
            var stream = stream
            return all.sampled(cosines, width: width, cutoff: cutoff, farthest: farthest, stream: &stream)
        case .multiSimilarity(let epsilon):
            guard let hardest = all.negatives.map({ cosines[$0] }).max(), let easiest = all.positives.map({ cosines[$0] }).min() else {
                return MinedTuples.Anchor()
            }
            let epsilon = Float(epsilon)
            return MinedTuples.Anchor(
                positives: all.positives.filter { cosines[$0] - epsilon < hardest }, negatives: all.negatives.filter { cosines[$0] + epsilon > easiest })
        }
    }
}

extension MinedTuples.Anchor {
    /// The triplets whose d_an - d_ap is wanted.
    fileprivate func triplets(_ cosines: UnsafeBufferPointer<Float>, _ isWanted: (Double) -> Bool) -> MinedTuples.Anchor {
        var found = MinedTuples.Anchor()
        let distances = negatives.map { unitDistance(cosine: Double(cosines[$0])).value }
        for p in positives {
            let distance = unitDistance(cosine: Double(cosines[p])).value
            for (place, q) in negatives.enumerated() where isWanted(distances[place] - distance) {
                found.positives.append(p)
                found.negatives.append(q)
            }
        }
        return found
    }

    /// As many triplets as the class has images, negatives by the inverse of how many points of a sphere are that far.
    fileprivate func sampled(
        _ cosines: UnsafeBufferPointer<Float>, width: Int, cutoff: Double, farthest: Double, stream: inout RandomStream
    ) -> MinedTuples.Anchor {
        let logWeights = negatives.map { q -> Double in
            let distance = max(unitDistance(cosine: Double(cosines[q])).value, cutoff)
            guard distance < farthest else { return -.infinity }
            let dimension = Double(width)
            return (2 - dimension) * log(distance) - (dimension - 3) / 2 * log(1 - distance * distance / 4)
        }
        // Opposite points have no finite weight; they are left out as those too far away are.
        let largest = logWeights.filter(\.isFinite).max()
        guard let largest, !positives.isEmpty else { return MinedTuples.Anchor() }
        var sums: [Double] = []
        for weight in logWeights { sums.append((sums.last ?? 0) + (weight.isFinite ? exp(weight - largest) : 0)) }
        var found = MinedTuples.Anchor()
        for _ in 0...positives.count {
            let wanted = stream.uniform() * (sums.last ?? 0)
            guard let place = sums.firstIndex(where: { $0 > wanted }) else { continue }
            found.positives.append(positives[stream.below(positives.count)])
            found.negatives.append(negatives[place])
        }
        return found
    }
}
