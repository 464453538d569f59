internal import Glibc
internal import RandomStreams

/// A density over the points of a search: a mixture with one kernel around each observation and a wide one in the middle.
/// A kernel is the product of one density for each dimension, so that values that went together stay together.
struct ParzenEstimator {
    private let axes: [ParzenAxis]
    private let weights: [Double]

    /// - Parameter observations: points, oldest first.
    init(_ observations: [[Double]], dimensions: [SearchDimension]) {
        axes = dimensions.indices.map { index in ParzenAxis(observations.map { $0[index] }, dimension: dimensions[index]) }
        let weights = Self.weights(of: observations.count) + [1]
        let sum = weights.reduce(0, +)
        self.weights = weights.map { $0 / sum }
    }

    /// The last 25 count fully, older ones less, down to 1/n.
    private static func weights(of count: Int) -> [Double] {
        guard count >= 25 else { return [Double](repeating: 1, count: count) }
        let older = count - 25
        let ramp = (0..<older).map { index in
            older == 1 ? 1 / Double(count) : 1 / Double(count) + (1 - 1 / Double(count)) * Double(index) / Double(older - 1)
        }
        return ramp + [Double](repeating: 1, count: 25)
    }

    func draw(_ stream: inout RandomStream) -> [Double] {
        let kernel = ParzenAxis.place(of: stream.uniform(), in: weights)
        return axes.map { $0.draw(kernel, &stream) }
    }

    /// Of whole numbers and choices, the probability.
    func logDensity(_ point: [Double]) -> Double {
        let terms = weights.indices.map { kernel in
            zip(axes, point).reduce(log(weights[kernel])) { $0 + $1.0.logDensity(kernel, $1.1) }
        }
        let largest = terms.max() ?? 0
        guard largest.isFinite else { return largest }
        return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
    }
}

/// One dimension of the kernels: normal distributions cut off at the ends; for choices, shares. Scales are estimated in
/// their logarithm.
struct ParzenAxis {
    private enum Kernel {
        case normal(mean: Double, deviation: Double, logInside: Double)
        /// The share of each choice.
        case shares([Double])
    }

    private let dimension: SearchDimension
    /// The ends, in the space of the estimate; whole numbers reach half a step over their ends.
    private let low, high: Double
    private var kernels: [Kernel] = []

    /// - Parameter observations: oldest first.
    init(_ observations: [Double], dimension: SearchDimension) {
        self.dimension = dimension
        switch dimension {
        case .uniform(let range): (low, high) = (range.lowerBound, range.upperBound)
        case .logUniform(let range): (low, high) = (log(range.lowerBound), log(range.upperBound))
        case .integers(let range): (low, high) = (Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5)
        case .choice(let count): (low, high) = (0, Double(count))
        }
        if case .choice(let count) = dimension {
            kernels = Self.shares(observations, of: count)
        } else {
            kernels = normals(observations.map(inner))
        }
    }

    private static func shares(_ observations: [Double], of count: Int) -> [Kernel] {
        let kernels = Double(observations.count + 1)
        let even = [Double](repeating: 1 / Double(count), count: count)
        return observations.map { observation in
            var shares = [Double](repeating: 1 / kernels, count: count)
            let place = Int(observation)
            if shares.indices.contains(place) { shares[place] += 1 }
            let sum = shares.reduce(0, +)
            return .shares(shares.map { $0 / sum })
        } + [.shares(even)]
    }

    /// Each as wide as the distance to its farther neighbour, within bounds.
    private func normals(_ means: [Double]) -> [Kernel] {
        let order = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
        let widest = high - low
        let narrowest = widest / min(100, Double(2 + means.count))
        var deviations = [Double](repeating: widest, count: means.count)
        for (place, index) in order.enumerated() {
            let below = place > 0 ? means[index] - means[order[place - 1]] : nil
            let above = place + 1 < order.count ? means[order[place + 1]] - means[index] : nil
            // The ends of the range are neighbours only of a lone one.
            let width = max(below ?? (above == nil ? means[index] - low : 0), above ?? (below == nil ? high - means[index] : 0))
            deviations[index] = min(max(width, narrowest), widest)
        }
        return means.indices.map { kernel(means[$0], deviations[$0]) } + [kernel((low + high) / 2, widest)]
    }

    private func kernel(_ mean: Double, _ deviation: Double) -> Kernel {
        .normal(mean: mean, deviation: deviation, logInside: log(Self.mass(from: (low - mean) / deviation, to: (high - mean) / deviation)))
    }

    // MARK: Values

    private func inner(_ value: Double) -> Double { if case .logUniform = dimension { log(value) } else { value } }

    private func outer(_ value: Double) -> Double {
        switch dimension {
        case .uniform, .choice: value
        case .logUniform(let range): min(max(exp(value), range.lowerBound), range.upperBound)
        case .integers(let range): min(max(value.rounded(), Double(range.lowerBound)), Double(range.upperBound))
        }
    }

    func draw(_ kernel: Int, _ stream: inout RandomStream) -> Double {
        switch kernels[kernel] {
        case .shares(let shares): return Double(Self.place(of: stream.uniform(), in: shares))
        case .normal(let mean, let deviation, _):
            // The mean lies in the range, so that a draw lies there at least one time in three.
            for _ in 0..<1_000 {
                let value = mean + deviation * stream.normal()
                if value >= low, value <= high { return outer(value) }
            }
            return outer(mean)
        }
    }

    /// Where a share of the whole lies among shares.
    static func place(of share: Double, in shares: [Double]) -> Int {
        var rest = share
        for (index, share) in shares.enumerated() {
            rest -= share
            if rest < 0 { return index }
        }
        return max(shares.count - 1, 0)
    }

    func logDensity(_ kernel: Int, _ value: Double) -> Double {
        switch kernels[kernel] {
        case .shares(let shares):
            let place = Int(value)
            return log(shares.indices.contains(place) ? shares[place] : 0)
        case .normal(let mean, let deviation, let logInside):
            let x = inner(value)
            if case .integers = dimension {
                return log(Self.mass(from: (x - 0.5 - mean) / deviation, to: (x + 0.5 - mean) / deviation)) - logInside
            }
            let z = (x - mean) / deviation
            return -z * z / 2 - log(deviation) - 0.5 * log(2 * Double.pi) - logInside
        }
    }

    /// Of the standard normal distribution between two places.
    private static func mass(from a: Double, to b: Double) -> Double {
        // Whichever tail is the lighter one keeps the digits.
        let root = 2.0.squareRoot()
        let mass = a > 0 ? erfc(a / root) - erfc(b / root) : erfc(-b / root) - erfc(-a / root)
        return max(mass / 2, .leastNonzeroMagnitude)
    }
}
