internal import Experiments
import Reporting
import VPSAnalysis

extension EvaluationRecord {
    /// The fields of the record that `eval` returns for one kind of embedding.
    var fields: [(String, Value)] {
        var fields: [(String, Value)] = recall.map { ("recall@\($0.k)", .number($0.value)) }
        fields += recall.compactMap { recall in recall.lower.map { ("recall-low@\(recall.k)", .number($0)) } }
        fields += recall.compactMap { recall in recall.upper.map { ("recall-high@\(recall.k)", .number($0)) } }
        let others: [(String, Double?)] = [
            ("map@r", meanAveragePrecision), ("r-precision", rPrecision), ("map-counted", meanAveragePrecisionCounted),
            ("mean-ap", averagePrecision), ("nmi", normalizedMutualInformation), ("f1", pairF1),
        ]
        fields += others.compactMap { name, value in value.map { (name, .number($0)) } }
        return fields + [("queries", .integer(queries)), ("minutes", .number(seconds / 60))]
    }

    /// `R@1 49.38 % (47.20 to 51.41)  R@2 58.12 %  MAP@R 16.06 %  R-precision 24.10 %`
    var figures: String {
        var parts = recall.map { recall in
            var text = "R@\(recall.k) \(Self.percent(recall.value))"
            if let lower = recall.lower, let upper = recall.upper { text += " (\(Self.number(lower)) to \(Self.number(upper)))" }
            return text
        }
        let others: [(String, Double?)] = [
            ("MAP@R", meanAveragePrecision), ("R-precision", rPrecision), ("MAP@R counted", meanAveragePrecisionCounted), ("mAP", averagePrecision),
            ("NMI", normalizedMutualInformation), ("F1", pairF1),
        ]
        parts += others.compactMap { name, value in value.map { "\(name) \(Self.percent($0))" } }
        return parts.joined(separator: "  ")
    }

    private static func number(_ share: Double) -> String { NumberText.fixed(share * 100, decimals: 2) }
    private static func percent(_ share: Double) -> String { number(share) + " %" }
}
