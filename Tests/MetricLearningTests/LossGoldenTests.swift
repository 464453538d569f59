import MetricLearning
import TensorEngine
import Testing

/// Every loss against the library or program that is named for it, in value and gradients.
@Suite struct LossGoldenTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let loss: any Loss
        /// What the case's program multiplies the embeddings by.
        var scale: Float = 1
        /// The library keeps proxies as columns.
        var hasColumns = false
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "proxy-nca", loss: CosineSoftmaxLoss.proxyNCA(scale: 1)),
        Case(name: "norm-softmax", loss: CosineSoftmaxLoss.normalizedSoftmax(temperature: 0.05), hasColumns: true),
        Case(name: "arcface", loss: ArcFaceLoss(marginDegrees: 28.6, scale: 64), hasColumns: true),
        Case(name: "subcenter-arcface", loss: ArcFaceLoss(marginDegrees: 28.6, scale: 64, centers: 3), hasColumns: true),
        Case(name: "cosface", loss: CosineSoftmaxLoss(scale: 64, margin: 0.35), hasColumns: true),
        Case(name: "soft-triple", loss: SoftTripleLoss(lambda: 20, gamma: 0.1, margin: 0.01, centers: 4), hasColumns: true),
        Case(name: "triplet", loss: TripletLoss(margin: 0.2)),
        Case(name: "contrastive", loss: ContrastiveLoss(positiveMargin: 0, negativeMargin: 0.5)),
        Case(name: "multi-similarity", loss: MultiSimilarityLoss(alpha: 2, beta: 50, base: 0.5)),
        Case(name: "nt-xent", loss: NTXentLoss(temperature: 0.1)),
        Case(name: "sup-con", loss: SupConLoss(temperature: 0.1)),
        Case(name: "circle", loss: CircleLoss(margin: 0.4, gamma: 80)),
        Case(name: "lifted-structure", loss: LiftedStructureLoss(positiveMargin: 0, negativeMargin: 1)),
        Case(name: "hyperbolic", loss: HyperbolicLoss(temperature: 0.2, curvature: 0.1, clip: 2.3), scale: 2),
        Case(name: "hyperbolic-sphere", loss: HyperbolicLoss(temperature: 0.1, curvature: 0)),
        Case(name: "recall-at-k", loss: RecallAtKLoss()),
        Case(name: "recall-at-k-paper", loss: RecallAtKLoss(includesQuery: false)),
    ]

    @Test(arguments: cases) func equalsItsLibrary(_ item: Case) throws {
        let golden = try Golden("loss-" + item.name)
        let embeddings = try golden.tensor("embeddings").copy()
        for i in 0..<embeddings.count { embeddings.pointer[i] *= item.scale }
        func proxies(_ name: String) throws -> Tensor? {
            guard golden.names.contains(name) else { return nil }
            return try item.hasColumns ? transposed(golden.tensor(name)) : golden.tensor(name)
        }
        let found = try evaluate(item.loss, embeddings, golden.labels(), proxies("weights.0"), engine: Engine(threads: 2))
        let value = try golden.tensor("loss").array()[0]
        #expect(abs(found.value - value) < 1e-4 * abs(value), "\(found.value), expected \(value)")
        let slope = try #require(found.embeddings).copy()
        for i in 0..<slope.count { slope.pointer[i] *= item.scale }
        #expect(try worst(slope, golden.tensor("grad.embeddings")) < 1e-3)
        if let expected = try proxies("grad.weights.0") { #expect(worst(found.proxies, expected) < 1e-3) }
    }
}
