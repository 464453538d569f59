public import ImageData
internal import MetricLearning
internal import TensorEngine

/// What a run's model makes of a part of the data, to be looked at: figures, neighbours, mistaken classes, a map.
public struct Exhibit: Sendable {
    public struct Neighbour: Equatable, Sendable {
        /// Position among ``Exhibit/items``.
        public var item: Int
        public var similarity: Double
    }

    /// What a query found, nearest first.
    public struct Answer: Sendable {
        public var query: Int
        public var neighbours: [Neighbour]
    }

    /// Queries of one class whose nearest neighbour is of another.
    public struct Confusion: Equatable, Sendable {
        public var asked, taken: Int
        public var count: Int
        /// Positions of the first such query, and of what it took for its own.
        public var query, nearest: Int
    }

    /// Some of the pictures in the plane.
    public struct Map: Sendable {
        /// Positions among the items.
        public var items: [Int]
        /// x and y of each.
        public var principal: [SIMD2<Double>]
        /// Shares of the variance along the two.
        public var explained: [Double]
        /// t-SNE; nil for fewer than ``leastForNeighbors`` pictures.
        public var neighbors: [SIMD2<Double>]?
        public var perplexity: Double?

        public static let leastForNeighbors = 16
    }

    /// Which of the run's models, and where in training it stands.
    public var model: RunEpoch
    /// With 95 % intervals of Recall@K, MAP@R and R-precision.
    public var record: EvaluationRecord
    public var items: [DatasetItem]
    public var classes: [String]
    /// Drawn evenly from all queries, whatever they found.
    public var drawn: [Answer]
    /// Whose nearest neighbour is of another class and yet the most similar; one a class.
    public var mistaken: [Answer]
    /// The most frequent first; of equals in the order of the classes.
    public var confusions: [Confusion]
    /// Queries of each class that count, and those of them whose nearest neighbour is of their own class.
    public var asked: [Int]
    public var right: [Int]
    public var map: Map?
    /// Trained values by part.
    public var trainedParts: [Part]

    public struct Part: Equatable, Sendable {
        public var name: String
        public var count: Int
    }

    public struct Options: Sendable {
        public var model: RunEpoch
        public var part: EvaluationOptions.Part
        /// Queries shown of each kind, and neighbours of each.
        public var queries: Int
        public var neighbours: Int
        /// Pictures on the map, at most; drawn evenly.
        public var points: Int

        public init(model: RunEpoch = .last, part: EvaluationOptions.Part = .test, queries: Int = 6, neighbours: Int = 8, points: Int = 1000) {
            self.model = model
            self.part = part
            self.queries = queries
            self.neighbours = neighbours
            self.points = points
        }
    }
}

extension Experiment {
    /// Takes a run's model up and embeds a part of its data with it. This experiment stays as it is; what it has loaded is used.
    /// - Parameters:
    ///   - run: path of the run's folder.
    ///   - progress: told how many pictures of how many are embedded; false stops.
    /// - Throws: ``StoppedEarly``, ``ExperimentError`` when model or data are not there any more.
    public func exhibit(of run: String, options: Exhibit.Options = Exhibit.Options(), progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Exhibit {
        let shown = Experiment(partsOf: self)
        shown.specification.threads = specification.threads
        try shown.restore(from: run, epoch: options.model)
        return try shown.exhibit(options, progress: progress)
    }

    private func exhibit(_ options: Exhibit.Options, progress: (Int, Int) -> Bool) throws -> Exhibit {
        let data = try readyData()
        let measured = EvaluationOptions(part: options.part, meanAveragePrecision: true, interval: 0.95)
        let question = try RetrievalQuestion(data, measured)
        let model = currentModel
        let kind: EmbeddingKind = model == nil ? .feature : .head
        let all = try embeddings(of: question.items, kinds: [kind], data: data, model: model, progress: progress)
        guard let rows = all.first else { throw ExperimentError(.input, "there are no pictures to embed") }
        func goOn() throws { if !progress(question.items.count, question.items.count) { throw StoppedEarly() } }
        let space = model?.model.space ?? .sphere
        let found = try measure(rows, question, measured, kind, in: space, goOn: goOn)
        let answers = try Self.nearest(rows, question, k: options.neighbours, measure: kind.measure(in: space), engine: engine())
        let counted = answers.indices.filter { found.firstHits[$0] >= 0 && !answers[$0].neighbours.isEmpty }
        var exhibit = Exhibit(
            model: options.model, record: found.record, items: question.items, classes: data.classNames(options.part),
            drawn: Self.evenly(options.queries, of: counted).map { answers[$0] }, mistaken: [], confusions: [],
            asked: [], right: [], trainedParts: (parameterCounts?.parts ?? []).map { Exhibit.Part(name: $0.name, count: $0.count) })
        exhibit.record.isFrozen = model == nil
        exhibit.countMistakes(counted.map { answers[$0] }, shown: options.queries)
        exhibit.map = try map(rows, of: question.items.count, points: options.points, goOn: goOn)
        return exhibit
    }

    /// What each query finds, in the order of the queries.
    private static func nearest(_ rows: Tensor, _ question: RetrievalQuestion, k: Int, measure: RankingMeasure, engine: Engine) throws -> [Exhibit.Answer] {
        let search = NearestNeighbors(engine: engine, measure: measure)
        if let (query, gallery) = question.parts {
            let found = try search.search(queries: Self.rows(query, of: rows), gallery: Self.rows(gallery, of: rows), k: min(k, gallery.count))
            return zip(query, found).map { query, found in
                Exhibit.Answer(query: query, neighbours: found.map { .init(item: gallery[$0.index], similarity: Double($0.similarity)) })
            }
        }
        let found = try search.search(queries: rows, gallery: rows, k: min(k, rows.rowCount - 1), leavingOut: true)
        return found.enumerated().map { query, found in
            Exhibit.Answer(query: query, neighbours: found.map { .init(item: $0.index, similarity: Double($0.similarity)) })
        }
    }

    /// So many of them, evenly through their order.
    static func evenly(_ count: Int, of items: [Int]) -> [Int] {
        let count = min(count, items.count)
        return (0..<max(count, 0)).map { items[(2 * $0 + 1) * items.count / (2 * count)] }
    }

    private func map(_ rows: Tensor, of count: Int, points: Int, goOn: () throws -> Void) throws -> Exhibit.Map? {
        let chosen = Self.evenly(points, of: Array(0..<count))
        guard chosen.count >= 3, rows.width >= 2 else { return nil }
        let (some, engine) = (try Self.rows(chosen, of: rows), try engine())
        func places(_ tensor: Tensor) -> [SIMD2<Double>] { chosen.indices.map { SIMD2(Double(tensor.pointer[2 * $0]), Double(tensor.pointer[2 * $0 + 1])) } }
        let principal = try PrincipalComponents(some, components: 2, engine: engine)
        var map = Exhibit.Map(items: chosen, principal: places(principal.places), explained: principal.explained)
        if chosen.count >= Exhibit.Map.leastForNeighbors {
            let neighbors = try NeighborEmbedding(some, start: principal.places, engine: engine, onProgress: goOn)
            (map.neighbors, map.perplexity) = (places(neighbors.places), neighbors.perplexity)
        }
        return map
    }
}

extension Exhibit {
    fileprivate mutating func countMistakes(_ answers: [Answer], shown: Int) {
        var counts: [[Int]: Confusion] = [:]
        asked = [Int](repeating: 0, count: classes.count)
        right = asked
        var wrong: [Answer] = []
        for answer in answers {
            guard let nearest = answer.neighbours.first else { continue }
            let (own, taken) = (items[answer.query].label, items[nearest.item].label)
            asked[own] += 1
            if own == taken { right[own] += 1 } else {
                counts[[own, taken], default: Confusion(asked: own, taken: taken, count: 0, query: answer.query, nearest: nearest.item)].count += 1
                wrong.append(answer)
            }
        }
        confusions = counts.values.sorted { ($1.count, $0.asked, $0.taken) < ($0.count, $1.asked, $1.taken) }
        var seen: Set<Int> = []
        mistaken = wrong.sorted { ($1.neighbours[0].similarity, $0.query) < ($0.neighbours[0].similarity, $1.query) }
            .filter { seen.insert(items[$0.query].label).inserted }.prefix(shown).map { $0 }
    }
}
