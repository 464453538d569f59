import Foundation

/// How far numbers are from those expected, and the worst of several.
struct Comparison {
    /// What quality.md allows.
    enum Tolerance {
        /// 1e-4 of the number, or of the tensor's root mean square where the number is smaller.
        static let values = 1e-4
        /// 1e-3 of the tensor's largest number.
        static let gradients = 1e-3
        /// One grey level, and 99.9 % of the pixels equal.
        static let greyLevels = 1.0
        static let unequalPixels = 1e-3
    }

    struct Finding {
        let what: String
        let error: Double
        let tolerance: Double
        /// Above 1 is too far.
        var ratio: Double { error / tolerance }
    }

    /// Below this a number counts as zero: f32 sums of ordinary size do not come closer.
    private static let nothing = 1e-6

    private(set) var worst: Finding?
    private(set) var count = 0
    /// Numbers that are within tolerance only for what was allowed them, and the worst of these as it stands.
    private(set) var allowed: (count: Int, worst: Double, what: String)?
    /// What the case holds and nobody here computes.
    private(set) var skipped: [String] = []

    var passes: Bool { worst.map { $0.ratio <= 1 } ?? false }

    mutating func skip(_ what: String) { skipped.append(what) }

    /// Compares computed values with those expected.
    /// - Parameter noise: how far each may be off before it counts; nil for not at all.
    /// - Throws: `CaseFault.malformed` when there are not as many.
    mutating func values(_ computed: [Float], _ expected: [Float], _ what: String, noise: [Double]? = nil) throws {
        try checkCounts(computed.count, expected.count, what)
        let meanSquare = expected.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, expected.count))
        let floor = max(meanSquare.squareRoot(), Self.nothing)
        let errors = computed.indices.map { index in
            let difference = abs(Double(computed[index]) - Double(expected[index]))
            let scale = max(abs(Double(expected[index])), floor)
            let error = (difference - min(difference, noise?[index] ?? 0)) / scale
            if error <= Tolerance.values, difference / scale > Tolerance.values { allow(difference / scale, what) }
            return error
        }
        note(what, errors, Tolerance.values)
    }

    mutating func gradient(_ computed: [Float], _ expected: [Float], _ what: String) throws {
        try checkCounts(computed.count, expected.count, what)
        let largest = max(expected.reduce(0) { max($0, abs(Double($1))) }, Self.nothing)
        note(what, zip(computed, expected).map { abs(Double($0) - Double($1)) / largest }, Tolerance.gradients)
    }

    mutating func number(_ computed: Double, _ expected: Double, _ what: String) {
        note(what, [abs(computed - expected) / max(abs(expected), Self.nothing)], Tolerance.values)
    }

    /// Compares pixels: the largest difference in grey levels, and the share of bytes that differ.
    mutating func pixels(_ computed: [UInt8], _ expected: [UInt8], _ what: String) throws {
        try checkCounts(computed.count, expected.count, what)
        var (largest, unequal) = (0, 0)
        for (a, b) in zip(computed, expected) where a != b {
            largest = max(largest, abs(Int(a) - Int(b)))
            unequal += 1
        }
        note(what + " in grey levels", [Double(largest)], Tolerance.greyLevels)
        note("share of " + what + " unequal", [Double(unequal) / Double(max(1, expected.count))], Tolerance.unequalPixels)
    }

    private mutating func allow(_ error: Double, _ what: String) {
        let before = allowed ?? (0, 0, what)
        allowed = (before.count + 1, max(before.worst, error), error > before.worst ? what : before.what)
    }

    private func checkCounts(_ computed: Int, _ expected: Int, _ what: String) throws {
        guard computed == expected else { throw CaseFault.malformed("`\(what)` holds \(expected) numbers; \(computed) are computed") }
    }

    private mutating func note(_ what: String, _ errors: [Double], _ tolerance: Double) {
        count += 1
        // A number that is not finite is as wrong as can be; `max` alone would lose a NaN.
        let error = errors.reduce(0) { $1.isFinite ? max($0, $1) : .infinity }
        let finding = Finding(what: what, error: error, tolerance: tolerance)
        if finding.ratio > worst?.ratio ?? -1 { worst = finding }
    }

    /// `worst 2.1e-06 of 1e-04 in final.proxies; 131 compared`
    var summary: String {
        guard let worst else { return "nothing to compare" }
        var text = "worst \(Self.short(worst.error)) of \(Self.short(worst.tolerance)) in \(worst.what); \(count) compared"
        if let allowed {
            text += "; \(allowed.count) within it only by what f32 leaves open under Adam, worst as it stands \(Self.short(allowed.worst)) in \(allowed.what)"
        }
        return skipped.isEmpty ? text : text + "; unsupported in it: " + skipped.joined(separator: ", ")
    }

    private static func short(_ number: Double) -> String {
        number.isFinite ? number == 0 || number == 1 ? String(Int(number)) : String(format: "%.1e", number) : "infinity"
    }
}
