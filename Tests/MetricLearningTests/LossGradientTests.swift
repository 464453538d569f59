import Foundation
import MetricLearning
import TensorEngine
import Testing

/// Every loss's gradient against differences of its value, on settings smooth enough for them.
@Suite struct LossGradientTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let loss: any Loss
        var length: Float = 1
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "proxy-nca", loss: CosineSoftmaxLoss.proxyNCA(scale: 3)), Case(name: "norm-softmax", loss: CosineSoftmaxLoss.normalizedSoftmax(temperature: 0.2)),
        Case(name: "arcface", loss: ArcFaceLoss(marginDegrees: 20, scale: 8)),
        Case(name: "arcface past 180 degrees", loss: ArcFaceLoss(marginDegrees: 150, scale: 4)),
        Case(name: "subcenter-arcface", loss: ArcFaceLoss(marginDegrees: 20, scale: 8, centers: 2)), Case(name: "cosface", loss: CosineSoftmaxLoss(scale: 8, margin: 0.35)),
        Case(name: "soft-triple", loss: SoftTripleLoss(lambda: 5, gamma: 0.3, margin: 0.1, centers: 3)), Case(name: "triplet", loss: TripletLoss(margin: 3)),
        Case(name: "contrastive", loss: ContrastiveLoss(positiveMargin: 0.1, negativeMargin: 2.5)),
        Case(name: "multi-similarity", loss: MultiSimilarityLoss(alpha: 2, beta: 8)), Case(name: "nt-xent", loss: NTXentLoss(temperature: 0.3)),
        Case(name: "sup-con", loss: SupConLoss(temperature: 0.3)), Case(name: "lifted-structure", loss: LiftedStructureLoss(negativeMargin: 3)),
        Case(name: "hyperbolic, clipped", loss: HyperbolicLoss(temperature: 0.5, curvature: 0.3, clip: 1), length: 3),
        Case(name: "hyperbolic, not clipped", loss: HyperbolicLoss(temperature: 0.5, curvature: 0.3, clip: 9), length: 0.3),
        Case(name: "hyperbolic, at the rim", loss: HyperbolicLoss(temperature: 0.5, curvature: 1, clip: 9), length: 3),
        Case(name: "hyperbolic sphere", loss: HyperbolicLoss(temperature: 0.5, curvature: 0)),
        Case(name: "recall-at-k", loss: RecallAtKLoss(ks: [1, 2, 4], rankTemperature: 0.3)),
        Case(name: "recall-at-k with mixtures", loss: RecallAtKLoss(ks: [1, 2, 4], rankTemperature: 0.3, isMixed: true)),
        Case(name: "triplet, semihard", loss: TripletLoss(margin: 3, miner: .semihard(margin: 2))),
        Case(name: "contrastive, distance-weighted", loss: ContrastiveLoss(positiveMargin: 0.1, negativeMargin: 2.5, miner: .distanceWeighted(cutoff: 0.5, farthest: 1.9))),
        Case(name: "recall-at-k of the paper", loss: RecallAtKLoss(ks: [1, 2, 4], rankTemperature: 0.3, includesQuery: false)),
    ]

    @Test(arguments: cases) func slopesAreDifferences(_ item: Case) throws {
        let labels = [2, 2, 2, 0, 0, 0, 1, 1, 1]
        let proxies = item.loss.proxiesPerClass == 0 ? nil : noise([3 * item.loss.proxiesPerClass, 5], "proxies")
        try expectGradient(
            of: item.loss, noise([9, 5], "e", scale: item.length), labels, proxies, step: 1e-3 * item.length, engine: Engine(threads: 2))
    }

    /// Circle loss holds two factors constant in its gradient, so differences of the value do not tell it; differences with
    /// the factors held do.
    @Test func circleHoldsItsFactors() throws {
        let engine = try Engine(threads: 1)
        let labels = [0, 0, 1, 1]
        let e = noise([4, 3], "e")
        let loss = CircleLoss(margin: 0.3, gamma: 4)
        let found = try evaluate(loss, e, labels, engine: engine)
        func unit(_ x: [Float]) -> [[Double]] {
            (0..<4).map { i in
                let row = x[i * 3..<i * 3 + 3].map(Double.init)
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return row.map { $0 / length }
            }
        }
        func cosine(_ x: [[Double]], _ i: Int, _ j: Int) -> Double { zip(x[i], x[j]).map { $0 * $1 }.reduce(0, +) }
        let still = unit(e.array())
        func value(_ x: [Float]) -> Double {
            let moved = unit(x)
            return (0..<4).map { i -> Double in
                var (positive, negative) = (0.0, 0.0)
                for j in 0..<4 where j != i {
                    let (held, s) = (cosine(still, i, j), cosine(moved, i, j))
                    if labels[i] == labels[j] {
                        positive += exp(-4 * max(1.3 - held, 0) * (s - 0.7))
                    } else {
                        negative += exp(4 * max(held + 0.3, 0) * (s - 0.3))
                    }
                }
                return log(1 + positive * negative)
            }.reduce(0, +) / 4
        }
        #expect(abs(value(e.array()) - Double(found.value)) < 1e-5)
        let gradient = try #require(found.embeddings).array()
        for i in 0..<12 {
            var (up, down) = (e.array(), e.array())
            up[i] += 1e-3
            down[i] -= 1e-3
            #expect(abs((value(up) - value(down)) / 0.002 - Double(gradient[i])) < 2e-3)
        }
    }

    /// A batch without pairs of one kind gives a number, not a trap or a NaN.
    @Test(arguments: cases) func poorBatchesGiveNumbers(_ item: Case) throws {
        let proxies = item.loss.proxiesPerClass == 0 ? nil : noise([4 * item.loss.proxiesPerClass, 5], "proxies")
        for labels in [[0], [0, 0, 0], [0, 1, 2, 3]] {
            let found = try evaluate(item.loss, noise([labels.count, 5], "e"), labels, proxies, engine: Engine(threads: 1))
            #expect(found.value.isFinite)
            #expect(found.embeddings?.isFinite ?? true)
        }
        let same = try Tensor([Float](repeating: 0.5, count: 20), shape: [4, 5])
        let found = try evaluate(item.loss, same, [0, 0, 1, 1], proxies, engine: Engine(threads: 1))
        #expect(found.value.isFinite && found.embeddings?.isFinite ?? true)
    }
}
