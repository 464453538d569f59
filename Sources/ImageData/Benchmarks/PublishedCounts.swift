/// Pictures and classes of a benchmark as its papers count them.
struct PublishedCounts: Hashable, Sendable {
    let trainImages, trainClasses: Int
    let testImages, testClasses: Int
    /// For a benchmark that has them.
    var queries: Int?
    var gallery: Int?

    /// What of `data` differs, as one warning; nil when all is as published.
    func difference(of data: ImageDataset, title: String) -> String? {
        let pairs: [(what: String, found: Int, published: Int?)] = [
            ("training images", data.train.count, trainImages), ("training classes", data.trainClasses.count, trainClasses),
            ("test images", data.test.count, testImages), ("test classes", data.testClasses.count, testClasses),
            ("queries", data.query?.count ?? 0, queries), ("gallery images", data.gallery?.count ?? 0, gallery),
        ]
        let differences = pairs.compactMap { pair in
            pair.published.flatMap { $0 == pair.found ? nil : "\(pair.found) \(pair.what) (published: \($0))" }
        }
        return differences.isEmpty ? nil : "not as \(title) was published: " + differences.joined(separator: ", ")
    }
}
