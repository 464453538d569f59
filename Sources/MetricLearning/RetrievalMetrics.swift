import TensorEngine

/// How well nearest neighbours share the query's class.
public struct RetrievalMetrics: Codable, Equatable, Sendable {
    /// R@K for each K asked for: the share of queries with an item of their class among the K nearest.
    public let recall: [Int: Double]
    /// R-precision and MAP@R with R = other items of the query's class (Musgrave et al. 2020).
    public let rPrecision: Double
    public let meanAveragePrecisionAtR: Double
    /// MAP@R with the query counted into R, as the program of Ren et al. 2024 has it; nil for query and gallery.
    public let meanAveragePrecisionCounted: Double?
    /// Mean average precision over whole rankings (Manning et al. 2008, section 8.4); nil where it was not asked for.
    public let meanAveragePrecision: Double?
    /// Queries that have an item of their class to find; only they count.
    public let queries: Int
    /// Of each item that asks: the rank of the first item of its class, from 1; 0 when that lies beyond ``depth``; -1 when the query
    /// does not count.
    public let firstHits: [Int]
    /// Ranks that were looked at.
    public let depth: Int

    /// Every item is a query against all others, left out by its index. Classes with one item give no query.
    ///
    /// - Parameters:
    ///   - embeddings: (N, E); rows of any length
    ///   - labels: the class of each row
    ///   - ks: each 1 or more; a K above N - 1 counts all there are
    ///   - wholeRanking: also `meanAveragePrecision`, which costs a second pass
    /// - Throws: `MetricLearningError` when shapes do not fit, a value is not finite, or no class has two items.
    public init(
        embeddings: Tensor, labels: [Int], ks: [Int], measure: RankingMeasure = .cosine, wholeRanking: Bool = false, engine: Engine
    ) throws {
        let sizes = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
        guard let largest = sizes.values.max(), largest >= 2 else {
            throw MetricLearningError("no class has two items, so there is nothing to retrieve")
        }
        try self.init(
            queries: embeddings, queryLabels: labels, gallery: embeddings, galleryLabels: labels, relevant: { sizes[$0, default: 1] - 1 },
            largest: largest, ks: ks, leavingOut: true, measure: measure, wholeRanking: wholeRanking, engine: engine)
    }

    /// Queries against a gallery that none of them is in. A query whose class the gallery lacks does not count.
    public init(
        queries: Tensor, queryLabels: [Int], gallery: Tensor, galleryLabels: [Int], ks: [Int], measure: RankingMeasure = .cosine,
        wholeRanking: Bool = false, engine: Engine
    ) throws {
        let sizes = Dictionary(galleryLabels.map { ($0, 1) }, uniquingKeysWith: +)
        guard queryLabels.contains(where: { sizes[$0] != nil }) else { throw MetricLearningError("the gallery has no class of any query") }
        try self.init(
            queries: queries, queryLabels: queryLabels, gallery: gallery, galleryLabels: galleryLabels, relevant: { sizes[$0, default: 0] },
            largest: sizes.values.max() ?? 1, ks: ks, leavingOut: false, measure: measure, wholeRanking: wholeRanking, engine: engine)
    }

    private init(
        queries: Tensor, queryLabels: [Int], gallery: Tensor, galleryLabels: [Int], relevant: (Int) -> Int, largest: Int, ks: [Int],
        leavingOut: Bool, measure: RankingMeasure, wholeRanking: Bool, engine: Engine
    ) throws {
        guard queries.shape.first == queryLabels.count, gallery.shape.first == galleryLabels.count else {
            throw MetricLearningError(
                "\(queryLabels.count) and \(galleryLabels.count) labels do not fit embeddings of shapes \(queries.shape) and \(gallery.shape)")
        }
        guard !ks.isEmpty, ks.allSatisfy({ $0 >= 1 }) else { throw MetricLearningError("recall at \(ks); expected one K or more, each 1 or more") }
        let relevants = queryLabels.map(relevant)
        let available = leavingOut ? galleryLabels.count - 1 : galleryLabels.count
        let depth = min(available, max(largest, ks.max() ?? 1))
        let ranking = try ClassRanking(
            queries: queries, queryLabels: queryLabels, gallery: gallery, galleryLabels: galleryLabels, leavingOut: leavingOut, measure: measure, engine: engine)
        var scores = [QueryScore](repeating: QueryScore(), count: queryLabels.count)
        scores.withUnsafeMutableBufferPointer { scores in
            let places = scores
            ranking.visit(k: min(available, largest)) { query, neighbors, firstHit in
                places[query] = QueryScore(relevant: relevants[query], neighbors: neighbors, firstHit: firstHit > depth ? 0 : firstHit) {
                    galleryLabels[$0] == queryLabels[query]
                }
            }
        }
        let counted = scores.filter { $0.relevant > 0 }
        let total = Double(counted.count)
        self.queries = counted.count
        recall = Dictionary(uniqueKeysWithValues: Set(ks).map { k in (k, Double(counted.count { 1...k ~= $0.firstHit }) / total) })
        rPrecision = counted.reduce(0) { $0 + $1.precision } / total
        meanAveragePrecisionAtR = counted.reduce(0) { $0 + $1.averagePrecision } / total
        meanAveragePrecisionCounted = leavingOut ? counted.reduce(0) { $0 + $1.averagePrecisionCounted } / total : nil
        if wholeRanking {
            let rows = try RankedRows(queries: queries, gallery: gallery, leavingOut: leavingOut, measure: measure, engine: engine)
            let ranking = FullRanking(rows: rows, galleryLabels: galleryLabels, leavingOut: leavingOut, engine: engine)
            // A query that does not count has an average precision of 0.
            meanAveragePrecision = try ranking.averagePrecisions(queryLabels: queryLabels).reduce(0, +) / total
        } else {
            meanAveragePrecision = nil
        }
        firstHits = scores.map { $0.relevant == 0 ? -1 : $0.firstHit }
        self.depth = depth
    }
}

/// What one query's neighbours say.
private struct QueryScore {
    /// R, items of its class to find; 0 when the query does not count.
    var relevant = 0
    /// Rank of the first item of its class, from 1; 0 where that was not looked for so far.
    var firstHit = 0
    var precision = 0.0
    var averagePrecision = 0.0
    /// Average precision with R + 1 in place of R.
    var averagePrecisionCounted = 0.0

    init() {}

    /// - Parameter neighbors: at least `relevant`, and one more where there is one
    init(relevant: Int, neighbors: UnsafeBufferPointer<NeighborKey>, firstHit: Int, isHit: (Int) -> Bool) {
        (self.relevant, self.firstHit) = (relevant, firstHit)
        guard relevant > 0 else { return }
        var hits = 0
        var precisions = 0.0
        for (place, neighbor) in neighbors.enumerated() {
            if isHit(neighbor.index) {
                hits += 1
                precisions += Double(hits) / Double(place + 1)
            }
            if place + 1 == relevant {
                precision = Double(hits) / Double(relevant)
                averagePrecision = precisions / Double(relevant)
            }
            if place == relevant || place + 1 == neighbors.count, place <= relevant {
                averagePrecisionCounted = precisions / Double(relevant + 1)
            }
            if place >= relevant { break }
        }
    }
}
