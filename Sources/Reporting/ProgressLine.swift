/// How far some work has come, as one line of text.
public struct ProgressLine: Sendable {
    /// What is being done: `train 3/15`.
    public var label: String
    /// Units of work done and wanted.
    public var done, total: Int
    /// What is counted: `steps`.
    public var unit: String
    /// Items a second, and their name: `images`.
    public var rate: Double?
    public var rateUnit: String
    public var loss: Double?
    /// Nil while unknown.
    public var secondsLeft: Double?

    public init(
        label: String, done: Int, total: Int, unit: String, rate: Double?, rateUnit: String, loss: Double?,
        secondsLeft: Double?
    ) {
        self.label = label
        self.done = done
        self.total = total
        self.unit = unit
        self.rate = rate
        self.rateUnit = rateUnit
        self.loss = loss
        self.secondsLeft = secondsLeft
    }

    /// The line, at most `width` columns where the label alone is not longer; the bar gives way first, then what
    /// matters least.
    public func text(width: Int, isUnicode: Bool, bar: Bool = true) -> String {
        let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
        // Most important first; what does not fit is left out from the end.
        var parts = [label, "\(done)/\(total) \(unit)"]
        if let loss { parts.append("loss " + NumberText.fixed(loss, decimals: 4)) }
        if let secondsLeft { parts.append(NumberText.clock(seconds: secondsLeft) + " left") }
        if let rate { parts.append("\(NumberText.brief(rate)) \(rateUnit)/s") }
        while parts.count > 1, parts.joined(separator: "  ").count > width { parts.removeLast() }
        let room = width - parts.joined(separator: "  ").count - 2
        if bar, room >= 10 {
            parts.insert(Self.bar(share, width: min(room, 30), isUnicode: isUnicode), at: 1)
        }
        return parts.joined(separator: "  ")
    }

    private static func bar(_ share: Double, width: Int, isUnicode: Bool) -> String {
        if isUnicode {
            let eighths = Int(share * Double(width * 8))
            let (full, rest) = (eighths / 8, eighths % 8)
            let partial = rest > 0 ? String(Array("▏▎▍▌▋▊▉")[rest - 1]) : ""
            let empty = width - full - (rest > 0 ? 1 : 0)
            return String(repeating: "█", count: full) + partial + String(repeating: "░", count: empty)
        }
        let full = Int(share * Double(width - 2))
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - 2 - full) + "]"
    }
}
