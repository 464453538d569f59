internal import MetricLearning

/// Which of a network's outputs stands for a picture, and how two of them are compared.
public enum EmbeddingKind: String, Codable, Equatable, Sendable, CaseIterable {
    /// What the head gives, as unit rows by their cosine, or in the ball of `loss hyperbolic` by its distance: what training makes.
    case head
    /// The same before it is normalised, by Euclidean distance.
    case headRaw = "head-raw"
    /// The backbone's CLS token after its last norm, prompts and tuned weights included, as unit rows by their cosine.
    case feature
    /// The same before it is normalised, by Euclidean distance.
    case featureRaw = "feature-raw"

    var isOfHead: Bool { self == .head || self == .headRaw }
    var isNormalized: Bool { self == .head || self == .feature }

    /// - Parameter space: where the head's embeddings lie; the loss says it.
    func measure(in space: EmbeddingSpace) -> RankingMeasure { self == .head ? space.measure : isNormalized ? .cosine : .euclidean }
}
