internal import Glibc

/// One axis of a chart: the range that it shows, and where it has marks.
package struct ChartAxis: Sendable {
    package struct Tick: Equatable, Sendable {
        package let value: Double
        package let label: String
    }

    package let lower, upper: Double
    package let isLogarithmic: Bool
    package let ticks: [Tick]

    /// - Parameters:
    ///   - values: finite, and above 0 for a logarithmic axis; none gives 0 to 1.
    ///   - ticks: about so many marks.
    ///   - isTight: the range ends at the values; else at marks.
    ///   - isCount: of things such as epochs: marks are at whole numbers where the range has some.
    package init(_ values: some Sequence<Double>, isLogarithmic: Bool = false, ticks: Int = 5, isTight: Bool = false, isCount: Bool = false) {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in values { (low, high) = (min(low, value), max(high, value)) }
        if low > high { (low, high) = isLogarithmic ? (1, 10) : (0, 1) }
        self.isLogarithmic = isLogarithmic
        if isLogarithmic {
            (lower, upper, self.ticks) = Self.logarithmic(low, high, ticks: ticks)
        } else {
            (lower, upper, self.ticks) = Self.linear(low, high, ticks: ticks, isTight: isTight, isCount: isCount)
        }
    }

    /// Where a value lies, 0 at the lower end, 1 at the upper.
    package func place(_ value: Double) -> Double {
        guard isLogarithmic else { return (value - lower) / (upper - lower) }
        return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
    }

    private static func linear(_ low: Double, _ high: Double, ticks count: Int, isTight: Bool, isCount: Bool) -> (Double, Double, [Tick]) {
        var (low, high) = (low, high)
        // Values that are all alike stand in the middle. Halves, since a difference may overflow.
        if high / 2 - low / 2 <= max(abs(low), abs(high)) * 1e-12 {
            let room = max(abs(low) * 0.1, 1e-12)
            (low, high) = low == 0 ? (-1, 1) : (low - room, high + room)
        }
        guard (high - low).isFinite else { return (low, high, []) }
        let fine = niceStep((high - low) / Double(max(count, 1)))
        let step = isCount && high - low >= 1 ? max(fine, 1) : fine
        // A value that is a mark but for rounding is that mark.
        let slack = 1e-9
        let first = isTight ? (low / step - slack).rounded(.up) : (low / step + slack).rounded(.down)
        let last = isTight ? (high / step + slack).rounded(.down) : (high / step - slack).rounded(.up)
        guard step > 0, step.isFinite, abs(first) < 1e15, abs(last) < 1e15, last - first < 100 else { return (low, high, []) }
        let marks = stride(from: first, through: last, by: 1).map { mark in Tick(value: mark * step, label: label(mark * step, step: step)) }
        return isTight ? (low, high, marks) : (first * step, last * step, marks)
    }

    /// 1, 2 or 5 times a power of ten, not below `raw`.
    private static func niceStep(_ raw: Double) -> Double {
        let power = pow(10, log10(raw).rounded(.down))
        let share = raw / power
        return power * (share <= 1.0001 ? 1 : share <= 2.0001 ? 2 : share <= 5.0001 ? 5 : 10)
    }

    private static func logarithmic(_ low: Double, _ high: Double, ticks count: Int) -> (Double, Double, [Tick]) {
        // Powers of ten that a Double holds.
        let (first, last) = (min(max(log10(low).rounded(.down), -300), 299), min(log10(high).rounded(.up), 300))
        let (bottom, top) = (first, last > first ? last : first + 1)
        let every = max(1, ((top - bottom) / Double(max(count, 1))).rounded(.up))
        // Over one power of ten alone, 2 and 5 are marked too.
        let parts: [Double] = top - bottom <= 2 ? [1, 2, 5] : [1]
        var marks: [Tick] = []
        for power in stride(from: bottom, through: top, by: every) {
            for part in parts where part == 1 || power < top {
                let value = part * pow(10, power)
                marks.append(Tick(value: value, label: label(value, step: value)))
            }
        }
        return (pow(10, bottom), pow(10, top), marks)
    }

    /// With the digits that tell marks apart; beyond that a power of ten: `2e-5`.
    private static func label(_ value: Double, step: Double) -> String {
        if value == 0 || abs(value) < step * 1e-6 { return "0" }
        let size = max(abs(value), step)
        guard size >= 1e-3, size < 1e6 else { return scientific(value, step: step) }
        let decimals = max(0, Int(-(log10(step) + 1e-9).rounded(.down)))
        return NumberText.fixed(value, decimals: min(decimals, 6))
    }

    /// A value with the digits that matter: `0.8123`, `2.5e-05` as `2.50e-5`.
    package static func told(_ value: Double) -> String {
        let size = abs(value)
        if value == 0 { return "0" }
        guard size >= 1e-3, size < 1e6 else { return scientific(value, step: size * 0.011) }
        return NumberText.fixed(value, decimals: size >= 100 ? 1 : size >= 10 ? 2 : 4)
    }

    private static func scientific(_ value: Double, step: Double) -> String {
        let power = log10(abs(value)).rounded(.down)
        let digits = power - (log10(step) + 1e-9).rounded(.down)
        // Below the smallest power of ten that a Double holds there are no digits to speak of.
        guard power > -300, digits.isFinite else { return "\(value)" }
        return "\(NumberText.fixed(value / pow(10, power), decimals: Int(min(max(digits, 0), 3))))e\(Int(power))"
    }
}
