internal import Foundation
internal import ImageData
internal import MetricLearning
internal import TensorEngine

/// The records of one `eval`, and whether they are in the folder of the run that the model belongs to.
public struct Evaluation: Codable, Equatable, Sendable {
    /// One for each kind of embedding that was asked for.
    public var records: [EvaluationRecord]
    /// Path of the run's folder; nil when the model belongs to none.
    public var run: String?
    /// Why the run's folder could not take them.
    public var notKept: String?
    /// What the data set's `cache=` could not do; nil without trouble.
    public var cacheTrouble: String?
}

extension Experiment {
    /// Measures retrieval with the model at hand; with the backbone's own CLS features where nothing that fits the
    /// specification is trained. What a run's model gives is kept in the run's folder.
    /// - Parameter progress: told how many pictures of how many are embedded; false stops.
    /// - Throws: ``StoppedEarly``, ``ExperimentError``, and what reading pictures throws.
    public func evaluate(_ options: EvaluationOptions? = nil, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Evaluation {
        let options = options ?? specification.evaluation
        let measured = try measure(options, model: currentModel, progress: progress)
        return try agreed {
            var result = Evaluation(records: measured.map(\.record))
            result.cacheTrouble = try readyData().crops.flatMap { $0.current.trouble }
            if let run = currentModel?.run {
                result.run = run.folder.path
                do { try keep(measured, part: options.part, of: run) } catch { result.notKept = describe(error) }
            }
            return result
        }
    }

    /// A record, and what the queries found one by one.
    struct MeasuredPart {
        var record: EvaluationRecord
        /// Rank of each query's first hit (``RetrievalMetrics/firstHits``), and the ranks that were looked at.
        var firstHits: [Int]
        var depth: Int
    }

    /// One element for each kind of embedding, in the order asked for; the pictures go through the network once.
    func measure(_ options: EvaluationOptions, model: TrainedModel?, progress: (Int, Int) -> Bool) throws -> [MeasuredPart] {
        try options.validate()
        let data = try readyData()
        let question = try RetrievalQuestion(data, options)
        let kinds = options.embeddings ?? [model == nil ? .feature : .head]
        if model == nil, let kind = kinds.first(where: \.isOfHead) {
            throw ExperimentError(
                .state, "embedding=\(kind.rawValue) is the output of a trained head, and nothing is trained with these settings",
                help: ["`train` first, or embedding=feature for the backbone's own features"])
        }
        if group != nil {
            try requireAlike(["settings": specification.hash(), "weights": readyBackbone().identity, "pictures": data.hash(of: options.part)])
        }
        var began = Date()
        let rows = try embeddings(of: question.items, kinds: kinds, data: data, model: model, progress: progress)
        return try zip(kinds, rows).map { kind, rows in
            var measured = try measure(rows, question, options, kind, in: model?.model.space ?? .sphere) { if !progress(question.items.count, question.items.count) { throw StoppedEarly() } }
            measured.record.isFrozen = model == nil
            // Embedding takes nearly all of the time, and is the first kind's.
            measured.record.seconds = -began.timeIntervalSinceNow
            began = Date()
            return measured
        }
    }

    /// The figures of rows that are there already.
    func measure(
        _ rows: Tensor, _ question: RetrievalQuestion, _ options: EvaluationOptions, _ kind: EmbeddingKind, in space: EmbeddingSpace,
        goOn: () throws -> Void
    ) throws -> MeasuredPart {
        let (engine, labels) = (try engine(), question.labels)
        let metrics: RetrievalMetrics
        if let (query, gallery) = question.parts {
            metrics = try RetrievalMetrics(
                queries: Self.rows(query, of: rows), queryLabels: query.map { labels[$0] }, gallery: Self.rows(gallery, of: rows),
                galleryLabels: gallery.map { labels[$0] }, ks: question.recall, measure: kind.measure(in: space), wholeRanking: options.wholeRanking, engine: engine)
        } else {
            metrics = try RetrievalMetrics(
                embeddings: rows, labels: labels, ks: question.recall, measure: kind.measure(in: space), wholeRanking: options.wholeRanking, engine: engine)
        }
        var record = EvaluationRecord(
            part: options.part, isFrozen: false, embedding: kind, recall: question.recall.map { EvaluationRecord.Recall(k: $0, value: metrics.recall[$0] ?? 0) },
            queries: metrics.queries, images: labels.count, classes: question.classes, seconds: 0)
        if options.meanAveragePrecision { (record.meanAveragePrecision, record.rPrecision) = (metrics.meanAveragePrecisionAtR, metrics.rPrecision) }
        if options.countsQuery { record.meanAveragePrecisionCounted = metrics.meanAveragePrecisionCounted }
        record.averagePrecision = metrics.meanAveragePrecision
        if let interval = options.interval {
            record.interval = interval
            let ends = Bootstrap.recall(
                firstHits: metrics.firstHits.filter { $0 >= 0 }, ks: question.recall, confidence: interval, seed: specification.seed, engine: engine)
            for (place, ends) in ends.enumerated() { (record.recall[place].lower, record.recall[place].upper) = (ends.lowerBound, ends.upperBound) }
        }
        if let clustering = options.clustering {
            let found = try KMeans(
                rows, clusters: clustering.clusters ?? question.classes, seed: specification.seed, restarts: clustering.restarts, engine: engine, onProgress: goOn)
            let agreement = try ClusterAgreement(clusters: found.clusters, labels: labels)
            (record.normalizedMutualInformation, record.pairF1) = (agreement.normalizedMutualInformation, agreement.pairF1)
            record.clustering = clustering
        }
        return MeasuredPart(record: record, firstHits: metrics.firstHits, depth: metrics.depth)
    }

    static func rows(_ indices: [Int], of tensor: Tensor) throws -> Tensor {
        let width = tensor.width
        let result = Tensor(uninitialized: [indices.count, width])
        for (place, index) in indices.enumerated() { (result.pointer + place * width).update(from: tensor.pointer + index * width, count: width) }
        return result
    }

    /// Unit rows (items, E); of the backbone's CLS features without a model.
    func embeddings(of items: [DatasetItem], data: LoadedData?, model: TrainedModel?, progress: (Int, Int) -> Bool) throws -> Tensor {
        let rows = try embeddings(of: items, kinds: [model == nil ? .feature : .head], data: data, model: model, progress: progress)
        guard let first = rows.first else { throw ExperimentError(.input, "there are no pictures to embed") }
        return first
    }

    /// (items, E) for each kind; without a model none of them may be the head's.
    /// - Parameter data: that the items are of, whose caches are used; nil for other pictures
    func embeddings(
        of items: [DatasetItem], kinds: [EmbeddingKind], data: LoadedData?, model: TrainedModel?, progress: (Int, Int) -> Bool
    ) throws -> [Tensor] {
        let backbone = try readyBackbone()
        let engine = try engine()
        let transform = try transforms().evaluation
        try checkPictures(of: items, transform: transform)
        let embedder = Embedder(engine: engine, transform: transform, threads: threads, cache: data?.cache, crops: data?.crops, group: group) { images in
            let tape = Tape(engine: engine, recording: false)
            let outputs = try model?.model.outputs(images: images, engine: engine)
            let features = try outputs?.features ?? backbone.network.features(backbone.network.tokens(images: images, tape: tape), tape: tape).value
            return kinds.map { kind in
                switch kind {
                case .head: outputs?.embeddings ?? tape.normalizeRows(tape.constant(features)).value
                case .headRaw: outputs?.head ?? features
                case .feature: tape.normalizeRows(tape.constant(features)).value
                case .featureRaw: features
                }
            }
        }
        return try embedder.embeddings(of: items) { progress($0, items.count) }
    }
}

extension CropCache.State {
    fileprivate var trouble: String? {
        if let problem { return "nothing more is kept in \(problem)" }
        return leftOut > 0 ? "\(leftOut) pictures had no room in it; cache-limit= gives it more" : nil
    }
}
