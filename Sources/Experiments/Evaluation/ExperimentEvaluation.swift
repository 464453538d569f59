internal import Foundation
internal import ImageData
internal import MetricLearning
internal import TensorEngine

extension Experiment {
    /// Measures retrieval with the model at hand; with the backbone's own CLS features where nothing that fits the
    /// specification is trained.
    /// - Parameter progress: told how many pictures of how many are embedded; false stops.
    /// - Throws: ``StoppedEarly``, ``ExperimentError``, and what reading pictures throws.
    public func evaluate(_ options: EvaluationOptions? = nil, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> EvaluationRecord {
        try evaluate(options ?? specification.evaluation, model: currentModel, progress: progress)
    }

    func evaluate(_ options: EvaluationOptions, model: TrainedModel?, progress: (Int, Int) -> Bool) throws -> EvaluationRecord {
        try options.validate()
        let began = Date()
        let data = try readyData()
        let items = try data.items(options.part)
        guard !items.isEmpty else {
            throw ExperimentError(.input, "the \(options.part.rawValue) half of \(data.dataset.name) has no pictures")
        }
        let embeddings = try self.embeddings(of: items, cache: data.cache, model: model, progress: progress)
        let labels = items.map(\.label)
        let metrics: RetrievalMetrics
        if options.part == .test, let query = data.dataset.query, let gallery = data.dataset.gallery {
            metrics = try RetrievalMetrics(
                queries: Self.rows(query, of: embeddings), queryLabels: query.map { labels[$0] }, gallery: Self.rows(gallery, of: embeddings),
                galleryLabels: gallery.map { labels[$0] }, ks: options.recall, engine: engine())
        } else {
            metrics = try RetrievalMetrics(embeddings: embeddings, labels: labels, ks: options.recall, engine: engine())
        }
        return EvaluationRecord(
            part: options.part, epoch: nil, isFrozen: model == nil,
            recall: options.recall.map { EvaluationRecord.Recall(k: $0, value: metrics.recall[$0] ?? 0) },
            meanAveragePrecision: options.meanAveragePrecision ? metrics.meanAveragePrecisionAtR : nil,
            rPrecision: options.meanAveragePrecision ? metrics.rPrecision : nil, queries: metrics.queries, images: items.count,
            classes: data.classNames(options.part).count, seconds: -began.timeIntervalSinceNow)
    }

    private static func rows(_ indices: [Int], of tensor: Tensor) throws -> Tensor {
        let values = tensor.array()
        let width = tensor.width
        return try Tensor(indices.flatMap { values[$0 * width..<($0 + 1) * width] }, shape: [indices.count, width])
    }

    /// Unit rows (items, E); of the backbone's CLS features without a model.
    func embeddings(of items: [DatasetItem], cache: ImageCache?, model: TrainedModel?, progress: (Int, Int) -> Bool) throws -> Tensor {
        let backbone = try readyBackbone()
        let engine = try engine()
        let transform = try transforms().evaluation
        try checkPictures(of: items, transform: transform)
        let embedder = Embedder(engine: engine, transform: transform, threads: threads, cache: cache) { images in
            if let model { return try model.model.embed(images: images, engine: engine) }
            let tape = Tape(engine: engine, recording: false)
            return tape.normalizeRows(try backbone.network.features(backbone.network.tokens(images: images, tape: tape), tape: tape)).value
        }
        return try embedder.embeddings(of: items) { progress($0, items.count) }
    }
}
