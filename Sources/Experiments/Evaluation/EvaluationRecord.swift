/// What an evaluation found.
public struct EvaluationRecord: Codable, Equatable, Sendable {
    public struct Recall: Codable, Equatable, Sendable {
        public var k: Int
        /// 0 to 1.
        public var value: Double
        /// Ends of the bootstrap interval, where one was asked for.
        public var lower: Double?
        public var upper: Double?
    }

    public var part: EvaluationOptions.Part
    /// The epoch after which it was measured, from 0; nil outside training.
    public var epoch: Int?
    /// True for the backbone's own CLS features, without head or prompts.
    public var isFrozen: Bool
    /// What stood for a picture.
    public var embedding: EmbeddingKind
    public var recall: [Recall]
    /// Share of the bootstrap that the intervals of `recall` hold.
    public var interval: Double?
    /// MAP@R and R-precision, 0 to 1, where asked for.
    public var meanAveragePrecision: Double?
    public var rPrecision: Double?
    /// MAP@R with the query counted into R, where asked for.
    public var meanAveragePrecisionCounted: Double?
    /// Mean average precision over whole rankings, where asked for.
    public var averagePrecision: Double?
    /// Of k-means clusters, where asked for.
    public var normalizedMutualInformation: Double?
    public var pairF1: Double?
    /// How these clusters were made; nil where none were asked for, and in records of earlier versions.
    public var clustering: EvaluationOptions.Clustering?
    /// Pictures that asked: those of classes with two pictures or more, or queries whose class the gallery has.
    public var queries: Int
    public var images: Int
    public var classes: Int
    public var seconds: Double

    /// True when this epoch did better: by the first Recall@K, and by MAP@R where that is equal.
    func isBetter(than other: EvaluationRecord) -> Bool {
        let (own, others) = (recall.first?.value ?? 0, other.recall.first?.value ?? 0)
        return own != others ? own > others : (meanAveragePrecision ?? 0) > (other.meanAveragePrecision ?? 0)
    }
}
