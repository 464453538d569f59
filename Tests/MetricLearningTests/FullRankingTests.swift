import MetricLearning
import TensorEngine
import Testing

/// Whole rankings, distances and the ranks of first hits.
@Suite struct FullRankingTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private func check(_ found: RetrievalMetrics, _ known: MetricCases.Figures) {
        #expect(found.queries == known.queries)
        #expect(abs((found.meanAveragePrecision ?? -1) - known.mean_ap) < 1e-9)
        for (k, value) in known.recall { #expect(abs((found.recall[Int(k) ?? 0] ?? -1) - value) < 1e-12) }
    }

    @Test func equalsScikitLearn() throws {
        let (x, known) = (try Golden("metric-cases").tensor("retrieval.embeddings"), try MetricCases.load().retrieval)
        let all = try RetrievalMetrics(embeddings: x, labels: known.labels, ks: [1, 2, 10], wholeRanking: true, engine: engine)
        check(all, known.cosine)
        #expect(abs(all.rPrecision - known.r_precision) < 1e-6)
        #expect(abs(all.meanAveragePrecisionAtR - known.map_at_r) < 1e-6)
        check(
            try RetrievalMetrics(embeddings: x, labels: known.labels, ks: [1, 2, 10], measure: .euclidean, wholeRanking: true, engine: engine),
            known.euclidean)
        let values = x.array()
        func rows(_ items: [Int]) throws -> Tensor { try Tensor(items.flatMap { values[$0 * 10..<$0 * 10 + 10] }, shape: [items.count, 10]) }
        check(
            try RetrievalMetrics(
                queries: rows(known.query), queryLabels: known.query.map { known.labels[$0] }, gallery: rows(known.gallery),
                galleryLabels: known.gallery.map { known.labels[$0] }, ks: [1, 2, 10], wholeRanking: true, engine: engine),
            known.query_gallery)
    }

    /// On a line, by distance. Queries at 0 (a), 1 (b), 3 (a), 7 (b): rankings 1 3 7 | 0 3 7 | 1 0 7 | 3 1 0, hits at ranks
    /// 2, 3, 2, 2.
    @Test func ranksByHand() throws {
        let found = try RetrievalMetrics(
            embeddings: Tensor([0, 1, 3, 7], shape: [4, 1]), labels: [0, 1, 0, 1], ks: [1, 2], measure: .euclidean, wholeRanking: true, engine: engine)
        #expect(found.firstHits == [2, 0, 2, 2])
        #expect(found.depth == 2)
        #expect(found.recall == [1: 0, 2: 0.75])
        #expect(abs((found.meanAveragePrecision ?? -1) - (0.5 + 1.0 / 3 + 0.5 + 0.5) / 4) < 1e-15)
    }

    @Test func queriesThatDoNotCountAreMarked() throws {
        let found = try RetrievalMetrics(
            embeddings: Tensor([1, 0, 1, 0.1, 0, 1], shape: [3, 2]), labels: [0, 0, 1], ks: [1], wholeRanking: true, engine: engine)
        #expect(found.firstHits == [1, 1, -1])
        #expect(found.meanAveragePrecision == 1)
    }

    /// Equal rows everywhere: each relevant item's rank is its place among the others, so ties are resolved by index.
    @Test func tiesGoByIndex() throws {
        let x = try Tensor([Float](repeating: 1, count: 12), shape: [6, 2])
        let labels = [0, 1, 0, 1, 0, 1]
        let found = try RetrievalMetrics(embeddings: x, labels: labels, ks: [1], wholeRanking: true, engine: engine)
        var expected = 0.0
        for query in 0..<6 {
            let right = (0..<6).filter { $0 != query }.map { labels[$0] == labels[query] }
            var hits = 0
            for (place, isRight) in right.enumerated() where isRight {
                hits += 1
                expected += Double(hits) / Double(place + 1) / 2 / 6
            }
        }
        #expect(abs((found.meanAveragePrecision ?? -1) - expected) < 1e-12)
    }

    @Test func sameOnAnyNumberOfThreads() throws {
        let (x, labels) = (noise([1300, 8], "x"), (0..<1300).map { $0 % 70 })
        let one = try RetrievalMetrics(embeddings: x, labels: labels, ks: [1], wholeRanking: true, engine: Engine(threads: 1))
        #expect(try RetrievalMetrics(embeddings: x, labels: labels, ks: [1], wholeRanking: true, engine: Engine(threads: 3)) == one)
    }
}
