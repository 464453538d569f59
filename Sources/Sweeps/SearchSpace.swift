internal import Glibc
internal import RandomStreams

/// What one value of a search may be. A point gives it a number: the value itself, or the place of a choice, from 0.
public enum SearchDimension: Equatable, Sendable {
    case uniform(ClosedRange<Double>)
    /// Both ends above 0.
    case logUniform(ClosedRange<Double>)
    case integers(ClosedRange<Int>)
    /// One of so many things without an order.
    case choice(Int)
}

extension SearchDimension {
    /// A draw from the distribution: uniform, of the logarithm where it is a scale.
    func draw(_ stream: inout RandomStream) -> Double {
        switch self {
        case .uniform(let range): stream.uniform(in: range)
        case .logUniform(let range): min(max(exp(stream.uniform(in: log(range.lowerBound)...log(range.upperBound))), range.lowerBound), range.upperBound)
        case .integers(let range): Double(range.lowerBound + stream.below(range.upperBound - range.lowerBound + 1))
        case .choice(let count): Double(stream.below(count))
        }
    }
}

/// Points drawn one by one, each a function of the seed and its number alone.
public struct RandomSearch: Sendable {
    private let dimensions: [SearchDimension]
    private let seed: UInt64

    public init(_ dimensions: [SearchDimension], seed: UInt64) {
        self.dimensions = dimensions
        self.seed = seed
    }

    /// - Parameter trial: from 0.
    public func point(_ trial: Int) -> [Double] {
        dimensions.enumerated().map { index, dimension in
            var stream = RandomStream(seed: seed, purpose: .search, epoch: trial, item: index)
            return dimension.draw(&stream)
        }
    }
}
