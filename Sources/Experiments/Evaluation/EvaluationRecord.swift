/// What an evaluation found.
public struct EvaluationRecord: Codable, Equatable, Sendable {
    public struct Recall: Codable, Equatable, Sendable {
        public var k: Int
        /// 0 to 1.
        public var value: Double
    }

    public var part: EvaluationOptions.Part
    /// The epoch after which it was measured, from 0; nil outside training.
    public var epoch: Int?
    /// True for the backbone's own CLS features, without head or prompts.
    public var isFrozen: Bool
    public var recall: [Recall]
    /// MAP@R and R-precision, 0 to 1, where asked for.
    public var meanAveragePrecision: Double?
    public var rPrecision: Double?
    /// Pictures that asked: those of classes with two pictures or more.
    public var queries: Int
    public var images: Int
    public var classes: Int
    public var seconds: Double

    /// What epochs are compared by: MAP@R, else the first Recall@K.
    public var selection: Double { meanAveragePrecision ?? recall.first?.value ?? 0 }
}
