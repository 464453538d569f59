/// Mean and sample standard deviation (divisor n - 1) of repeated measurements, such as one figure over several seeds.
public struct MeanSpread: Hashable, Sendable {
    public let mean: Double
    /// Nil for fewer than two values: one seed says nothing about the spread.
    public let spread: Double?
    public let count: Int

    /// The mean of no values is NaN.
    public init(_ values: [Double]) {
        count = values.count
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        if values.count > 1 {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            spread = (squares / Double(values.count - 1)).squareRoot()
        } else {
            spread = nil
        }
    }
}
