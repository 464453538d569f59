import MetricLearning
import TensorEngine
import TensorFiles

/// A case of kind `metrics`: retrieval figures of embeddings, all against all and query against gallery.
struct MetricsCase {
    private let settings: CaseSettings

    init(_ settings: CaseSettings) throws {
        self.settings = settings
        try settings.allow([
            "recall", "r_precision", "map_at_r", "precision_at_1", "map_at_r_query_counted", "nmi_of_clusters", "query_gallery_recall",
        ])
    }

    func run(_ engine: Engine) throws -> Comparison {
        let file = try settings.tensors()
        let embeddings = try file.tensor("embeddings")
        guard embeddings.shape.count == 2 else { throw CaseFault.malformed("tensor `embeddings` has shape \(embeddings.shape); expected two axes") }
        let labels = try file.labels("labels", count: embeddings.shape[0])
        var comparison = Comparison()
        let recall = try expectedRecall("recall")
        let all = try RetrievalMetrics(embeddings: embeddings, labels: labels, ks: Set(recall.keys).union([1]).sorted(), engine: engine)
        compare(all, recall, "recall", &comparison)
        let figures: [(String, Double?)] = [
            ("precision_at_1", all.recall[1]), ("r_precision", all.rPrecision), ("map_at_r", all.meanAveragePrecisionAtR),
            ("map_at_r_query_counted", all.meanAveragePrecisionCounted),
        ]
        for (name, computed) in figures where settings.has(name) {
            comparison.number(computed ?? .nan, try settings.number(name), name)
        }
        if settings.has("query_gallery_recall") {
            let expected = try expectedRecall("query_gallery_recall")
            let (query, gallery) = (try items("query", file, labels.count), try items("gallery", file, labels.count))
            let found = try RetrievalMetrics(
                queries: rows(query, of: embeddings), queryLabels: query.map { labels[$0] }, gallery: rows(gallery, of: embeddings),
                galleryLabels: gallery.map { labels[$0] }, ks: expected.keys.sorted(), engine: engine)
            compare(found, expected, "query_gallery_recall", &comparison)
        }
        if settings.has("nmi_of_clusters") {
            let agreement = try ClusterAgreement(clusters: file.labels("clusters", count: labels.count), labels: labels)
            comparison.number(agreement.normalizedMutualInformation, try settings.number("nmi_of_clusters"), "nmi_of_clusters")
        }
        return comparison
    }

    private func compare(_ metrics: RetrievalMetrics, _ expected: [Int: Double], _ name: String, _ comparison: inout Comparison) {
        for (k, value) in expected.sorted(by: { $0.key < $1.key }) { comparison.number(metrics.recall[k] ?? .nan, value, "\(name).\(k)") }
    }

    private func expectedRecall(_ key: String) throws -> [Int: Double] {
        guard settings.has(key) else { return [:] }
        var recall: [Int: Double] = [:]
        for (k, value) in try settings.object(key) {
            guard let k = Int(k), k >= 1, let value = value.number else { throw CaseFault.malformed("the setting `\(key)` should map each K to a share") }
            recall[k] = value
        }
        return recall
    }

    /// Rows that take part, by index.
    private func items(_ name: String, _ file: SafeTensorsFile, _ count: Int) throws -> [Int] {
        let items = try file.labels(name)
        guard !items.isEmpty, items.allSatisfy({ $0 < count }) else { throw CaseFault.malformed("tensor `\(name)` should hold indices below \(count)") }
        return items
    }

    private func rows(_ items: [Int], of embeddings: Tensor) throws -> Tensor {
        let width = embeddings.shape[1]
        let values = embeddings.array()
        return try Tensor(items.flatMap { values[$0 * width..<($0 + 1) * width] }, shape: [items.count, width])
    }
}
