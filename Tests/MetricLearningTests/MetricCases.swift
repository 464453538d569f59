import Foundation
import Testing

/// What scikit-learn, scipy, numpy and pytorch-metric-learning measure on small data (Scripts/make-metric-cases.py).
struct MetricCases: Decodable {
    struct Agreement: Decodable { let clusters, labels: [Int], nmi, f1: Double }
    struct Clusters: Decodable { let labels: [Int], inertia: Double }
    struct Figures: Decodable { let mean_ap: Double, recall: [String: Double], queries: Int }
    struct Retrieval: Decodable {
        let labels, query, gallery: [Int], r_precision, map_at_r: Double
        let cosine, euclidean, query_gallery: Figures
    }
    struct Pairs: Decodable { let first, second: Int, p: Double }
    struct Quantile: Decodable { let values, at, expected: [Double] }

    let agreement: [Agreement]
    let kmeans: Clusters
    let retrieval: Retrieval
    let mcnemar: [Pairs]
    let quantile: Quantile

    static func load() throws -> MetricCases {
        let url = try #require(Bundle.module.url(forResource: "metric-cases", withExtension: "json", subdirectory: "Resources"))
        return try JSONDecoder().decode(MetricCases.self, from: Data(contentsOf: url))
    }
}
