import MetricLearning
import RandomStreams
import TensorEngine
import Testing

@Suite struct RetrievalMetricsTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    /// scikit-learn's, pytorch-metric-learning's and the authors' figures for one set of embeddings.
    @Test func equalsTheLibraries() throws {
        let golden = try Golden("metrics")
        let (embeddings, labels) = (try golden.tensor("embeddings"), try golden.labels())
        let found = try RetrievalMetrics(embeddings: embeddings, labels: labels, ks: [1, 2, 4, 8, 10, 100], engine: engine)
        let recall = [1: 0.75, 2: 0.8550000190734863, 4: 0.9150000214576721, 8: 0.949999988079071, 10: 0.9599999785423279, 100: 1.0]
        for (k, value) in recall { #expect(abs((found.recall[k] ?? -1) - value) < 1e-6) }
        #expect(abs(found.rPrecision - 0.5376575817972877) < 1e-6)
        #expect(abs(found.meanAveragePrecisionAtR - 0.45719634596346126) < 1e-6)
        #expect(abs((found.meanAveragePrecisionCounted ?? -1) - 0.4316096253541764) < 1e-6)
        #expect(found.queries == 400)
    }

    @Test func queryAndGalleryEqualTheirReference() throws {
        let golden = try Golden("metrics")
        let (embeddings, labels) = (try golden.tensor("embeddings"), try golden.labels())
        func part(_ name: String) throws -> (Tensor, [Int]) {
            let places = try golden.labels(name)
            let values = embeddings.array()
            let rows = try Tensor(places.flatMap { values[$0 * 24..<($0 + 1) * 24] }, shape: [places.count, 24])
            return (rows, places.map { labels[$0] })
        }
        let (query, gallery) = (try part("query"), try part("gallery"))
        let found = try RetrievalMetrics(
            queries: query.0, queryLabels: query.1, gallery: gallery.0, galleryLabels: gallery.1, ks: [1, 10, 20, 30], engine: engine)
        for (k, value) in [1: 0.7388059496879578, 10: 0.9850746393203735, 20: 0.9925373196601868, 30: 1.0] {
            #expect(abs((found.recall[k] ?? -1) - value) < 1e-6)
        }
        #expect(found.meanAveragePrecisionCounted == nil)
    }

    /// Rows of 16 values of +-1/4: products are exact, so equal similarities are equal, and there are very many.
    private func tied(_ count: Int) throws -> Tensor {
        var stream = RandomStream(seed: 3, purpose: .testing, name: "tied")
        return try Tensor((0..<count).flatMap { _ in (0..<4).flatMap { _ in [Float](repeating: stream.below(2) == 0 ? 0.25 : -0.25, count: 4) } }, shape: [count, 16])
    }

    /// The definition, without blocks or selection: every pair, a stable sort.
    private func plain(_ x: Tensor, _ labels: [Int], k: Int) -> (recall: Double, rPrecision: Double, map: Double, counted: Double, queries: Int) {
        let (values, width) = (x.array(), x.shape[1])
        var (hits, precision, map, counted, queries) = (0.0, 0.0, 0.0, 0.0, 0)
        for q in labels.indices {
            let relevant = labels.count { $0 == labels[q] } - 1
            guard relevant > 0 else { continue }
            queries += 1
            let similarity = labels.indices.map { i in (0..<width).reduce(Float(0)) { $0 + values[q * width + $1] * values[i * width + $1] } }
            let order = labels.indices.filter { $0 != q }.sorted { (similarity[$0], -$0) > (similarity[$1], -$1) }
            let hit = order.map { labels[$0] == labels[q] }
            func averagePrecision(_ r: Int) -> Double {
                (0..<min(r, hit.count)).reduce(0.0) { $0 + (hit[$1] ? Double(hit[...$1].count { $0 }) / Double($1 + 1) : 0) } / Double(r)
            }
            hits += hit.prefix(k).contains(true) ? 1 : 0
            precision += Double(hit.prefix(relevant).count { $0 }) / Double(relevant)
            map += averagePrecision(relevant)
            counted += averagePrecision(relevant + 1)
        }
        let n = Double(queries)
        return (hits / n, precision / n, map / n, counted / n, queries)
    }

    @Test(arguments: [3, 40, 700]) func equalsTheDefinitionUnderTies(classes: Int) throws {
        let x = try tied(900)
        // With 700 classes many have one item and give no query.
        let labels = (0..<900).map { $0 * 7 % classes }
        let found = try RetrievalMetrics(embeddings: x, labels: labels, ks: [1, 5], engine: engine)
        let expected = plain(x, labels, k: 5)
        #expect(abs((found.recall[5] ?? -1) - expected.recall) < 1e-12)
        #expect(abs(found.rPrecision - expected.rPrecision) < 1e-12)
        #expect(abs(found.meanAveragePrecisionAtR - expected.map) < 1e-12)
        #expect(abs((found.meanAveragePrecisionCounted ?? -1) - expected.counted) < 1e-12)
        #expect(found.queries == expected.queries)
    }

    @Test func oneClassOfAllItems() throws {
        let found = try RetrievalMetrics(embeddings: noise([5, 3], "x"), labels: [1, 1, 1, 1, 1], ks: [1, 1000], engine: engine)
        #expect(found.recall == [1: 1, 1000: 1])
        #expect(found.meanAveragePrecisionAtR == 1)
        #expect(abs((found.meanAveragePrecisionCounted ?? 0) - 4.0 / 5) < 1e-12)
    }

    @Test func sameOnAnyNumberOfThreads() throws {
        let x = noise([2500, 24], "x")
        let labels = (0..<2500).map { $0 % 90 }
        let one = try RetrievalMetrics(embeddings: x, labels: labels, ks: [1, 10], engine: Engine(threads: 1))
        #expect(try RetrievalMetrics(embeddings: x, labels: labels, ks: [1, 10], engine: Engine(threads: 3)) == one)
    }

    @Test func whatCannotBeMeasuredIsRefused() throws {
        let x = noise([4, 3], "x")
        #expect(throws: MetricLearningError("no class has two items, so there is nothing to retrieve")) {
            try RetrievalMetrics(embeddings: x, labels: [0, 1, 2, 3], ks: [1], engine: engine)
        }
        #expect(throws: MetricLearningError.self) { try RetrievalMetrics(embeddings: x, labels: [0, 0, 1], ks: [1], engine: engine) }
        #expect(throws: MetricLearningError.self) { try RetrievalMetrics(embeddings: x, labels: [0, 0, 1, 1], ks: [0], engine: engine) }
        let broken = x.copy()
        broken.pointer[4] = .nan
        #expect(throws: MetricLearningError("embeddings of shape [4, 3] hold values that are not finite")) {
            try RetrievalMetrics(embeddings: broken, labels: [0, 0, 1, 1], ks: [1], engine: engine)
        }
    }
}
