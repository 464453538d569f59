/// What to measure, on which classes.
public struct EvaluationOptions: Codable, Equatable, Sendable {
    public enum Part: String, Codable, Equatable, Sendable, CaseIterable { case test, train, validation }

    public var part: Part
    /// The K of Recall@K, each at least 1.
    public var recall: [Int]
    /// MAP@R and R-precision too (Musgrave et al. 2020).
    public var meanAveragePrecision: Bool

    public init(part: Part = .test, recall: [Int] = [1, 2, 4, 8], meanAveragePrecision: Bool = false) {
        self.part = part
        self.recall = recall
        self.meanAveragePrecision = meanAveragePrecision
    }

    public func validate() throws {
        if let wrong = recall.first(where: { $0 < 1 }) {
            throw ExperimentError(.specification, "recall@\(wrong) makes no sense: K must be at least 1", help: ["recall=[1, 2, 4, 8]"])
        }
    }
}
