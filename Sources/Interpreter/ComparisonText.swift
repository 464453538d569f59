public import Experiments
import Reporting

extension RunComparison {
    /// What `compare` says, one line each.
    public var lines: [String] {
        func percent(_ share: Double) -> String { NumberText.fixed(share * 100, decimals: 2) }
        func side(_ side: Side) -> String {
            let place = side.position.step == 0 ? "epoch \(side.position.epoch)" : "epoch \(side.position.epoch + 1) step \(side.position.step)"
            let model = side.model == .last ? place : "\(place), \(side.model.title)"
            return "\(side.run) (\(model))  R@\(k) \(percent(side.recall)) %, alone right \(grouped(side.onlyHere)) times"
        }
        let sign = difference > 0 ? "+" : ""
        var lines = [
            "\(part.rawValue), \(embedding.rawValue), \(grouped(queries)) queries", side(first), side(second),
            "difference \(sign)\(percent(difference)) points, \(Self.text(ofShare: interval)) % of the paired bootstrap over queries from \(percent(lower)) to \(percent(upper))",
            "McNemar's exact test, two-sided: p = \(Self.text(ofP: pValue))",
        ]
        if !trainedAlike { lines.append("note: the two were trained on different pictures") }
        return lines
    }

    /// In percent, without digits that say nothing: `95`, `99.9`.
    private static func text(ofShare share: Double) -> String {
        let percent = share * 100
        return NumberText.fixed(percent, decimals: abs(percent - percent.rounded()) < 1e-9 ? 0 : 2)
    }

    private static func text(ofP value: Double) -> String { value < 0.0001 ? "< 0.0001" : NumberText.fixed(value, decimals: 4) }
}
