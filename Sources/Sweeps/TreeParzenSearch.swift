internal import RandomStreams

/// Tree-structured Parzen estimators (Bergstra et al. 2011, Algorithms for Hyper-Parameter Optimization, section 4) over all
/// dimensions together, as Falkner et al. 2018 have it, with the settings of optuna 5's `TPESampler`.
///
/// The trials that are over are split into the best and the rest; of 24 points drawn from the density of the best, the
/// one is taken whose density among the best is largest against that among the rest. The first ten trials are random.
public struct TreeParzenSearch: Sendable {
    /// A trial that is over.
    public struct Trial: Sendable {
        public var point: [Double]
        /// The smaller the better.
        public var loss: Double

        public init(point: [Double], loss: Double) {
            self.point = point
            self.loss = loss
        }
    }

    /// Trials at the start that are drawn at random.
    public static let randomTrials = 10
    private static let candidates = 24

    private let dimensions: [SearchDimension]
    private let random: RandomSearch
    private let seed: UInt64

    public init(_ dimensions: [SearchDimension], seed: UInt64) {
        self.dimensions = dimensions
        self.seed = seed
        random = RandomSearch(dimensions, seed: seed)
    }

    /// - Parameters:
    ///   - trial: its number, from 0; random numbers depend on it.
    ///   - past: trials that are over, oldest first; those whose loss is no number are passed over.
    public func point(_ trial: Int, after past: [Trial]) -> [Double] {
        let past = past.filter { $0.loss.isFinite }
        guard past.count >= Self.randomTrials else { return random.point(trial) }
        let order = past.indices.sorted { (past[$0].loss, $0) < (past[$1].loss, $1) }
        // Older first, as the weights want it.
        let best = Set(order.prefix(Self.bestCount(of: past.count)))
        let good = ParzenEstimator(past.indices.filter { best.contains($0) }.map { past[$0].point }, dimensions: dimensions)
        let bad = ParzenEstimator(past.indices.filter { !best.contains($0) }.map { past[$0].point }, dimensions: dimensions)
        var stream = RandomStream(seed: seed, purpose: .search, epoch: trial, item: dimensions.count)
        var chosen: (point: [Double], gain: Double) = ([], -.infinity)
        for candidate in 0..<Self.candidates {
            let point = good.draw(&stream)
            let gain = good.logDensity(point) - bad.logDensity(point)
            if candidate == 0 || gain > chosen.gain { chosen = (point, gain) }
        }
        return chosen.point
    }

    /// A tenth, rounded up, at most 25.
    static func bestCount(of count: Int) -> Int { min((count + 9) / 10, 25) }
}
