internal import ImageData

/// Who asks whom on a part of the data: checked before any picture is embedded.
struct RetrievalQuestion {
    let items: [DatasetItem]
    let labels: [Int]
    /// Positions of queries and gallery among the items; nil when each item is a query among all the others.
    let parts: (query: [Int], gallery: [Int])?
    /// Classes that the items are of.
    let classes: Int
    /// The K of Recall@K.
    let recall: [Int]

    /// - Throws: ``ExperimentError`` when nothing can be asked, or a K, a number of clusters or a figure cannot be had.
    init(_ data: LoadedData, _ options: EvaluationOptions) throws {
        let half = "the \(options.part.rawValue) half of \(data.dataset.name)"
        items = try data.items(options.part)
        guard !items.isEmpty else { throw ExperimentError(.input, "\(half) has no pictures") }
        labels = items.map(\.label)
        classes = Set(labels).count
        let available: Int
        if options.part == .test, let query = data.dataset.query, let gallery = data.dataset.gallery {
            parts = (query, gallery)
            available = gallery.count
            let held = Set(gallery.map { [labels] in labels[$0] })
            guard query.contains(where: { [labels] in held.contains(labels[$0]) }) else {
                throw ExperimentError(.input, "the gallery of \(half) has no class of any query, so there is nothing to find")
            }
            if options.countsQuery {
                throw ExperimentError(
                    .specification, "map-counted counts the query among its class, but the queries of \(half) are not in the gallery", help: ["use map"])
            }
        } else {
            parts = nil
            available = items.count - 1
            let largest = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 0
            guard largest > 1 else {
                throw ExperimentError(
                    .input, "every class of \(half) has one picture, so no picture has another one to find",
                    help: ["retrieval needs a class with two pictures or more"])
            }
        }
        if let asked = options.recall {
            if let wrong = asked.last, wrong > available {
                throw ExperimentError(
                    .specification, "recall@\(wrong) looks at the \(wrong) nearest, but a query of \(half) has \(available) to be found among",
                    help: ["K can be \(available) at most"])
            }
            recall = asked
        } else {
            let usual = EvaluationOptions.usualRecall(on: data.specification.name).filter { $0 <= available }
            recall = usual.isEmpty ? [1] : usual
        }
        if let clusters = options.clustering?.clusters, clusters > items.count {
            throw ExperimentError(
                .specification, "k-means cannot make \(clusters) clusters of the \(items.count) pictures of \(half)", help: ["clusters=\(classes) is one a class"])
        }
    }
}
