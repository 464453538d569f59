/// What to measure, on which classes.
public struct EvaluationOptions: Codable, Equatable, Sendable {
    public enum Part: String, Codable, Equatable, Sendable, CaseIterable { case test, train, validation }

    /// k-means, whose clusters NMI and F1 hold against the classes.
    public struct Clustering: Codable, Equatable, Sendable {
        /// Nil for as many as there are classes.
        public var clusters: Int?
        /// Starts, of which the best counts; 1 or more.
        public var restarts: Int

        public init(clusters: Int? = nil, restarts: Int = 1) {
            self.clusters = clusters
            self.restarts = restarts
        }
    }

    public var part: Part
    /// The K of Recall@K, increasing, each at least 1; nil takes those that the data set's papers report.
    public var recall: [Int]?
    /// MAP@R and R-precision too (Musgrave et al. 2020).
    public var meanAveragePrecision: Bool
    /// MAP@R with the query counted into R, as the program of Ren et al. 2024 has it.
    public var countsQuery: Bool
    /// Mean average precision over whole rankings.
    public var wholeRanking: Bool
    /// NMI and F1; nil leaves them out.
    public var clustering: Clustering?
    /// What stands for a picture; nil takes the head's output, or the backbone's features where nothing is trained.
    public var embeddings: [EmbeddingKind]?
    /// Share of the bootstrap that an interval of Recall@K holds, above 0, below 1; nil gives none.
    public var interval: Double?

    public init(
        part: Part = .test, recall: [Int]? = nil, meanAveragePrecision: Bool = false, countsQuery: Bool = false, wholeRanking: Bool = false,
        clustering: Clustering? = nil, embeddings: [EmbeddingKind]? = nil, interval: Double? = nil
    ) {
        self.part = part
        self.recall = recall
        self.meanAveragePrecision = meanAveragePrecision
        self.countsQuery = countsQuery
        self.wholeRanking = wholeRanking
        self.clustering = clustering
        self.embeddings = embeddings
        self.interval = interval
    }

    public func validate() throws {
        if let wrong = recall?.first(where: { $0 < 1 }) {
            throw ExperimentError(.specification, "recall@\(wrong) makes no sense: K must be at least 1", help: ["recall=[1, 2, 4, 8]"])
        }
        if let recall, recall.isEmpty || zip(recall, recall.dropFirst()).contains(where: { $0 >= $1 }) {
            throw ExperimentError(.specification, "the K of recall=\(recall) must increase", help: ["recall=[1, 2, 4, 8]"])
        }
        if let clustering, clustering.restarts < 1 || clustering.clusters.map({ $0 < 1 }) ?? false {
            throw ExperimentError(.specification, "k-means takes 1 cluster or more and 1 restart or more")
        }
        if let interval, !(interval > 0 && interval < 1) {
            throw ExperimentError(.specification, "interval=\(interval) must be a share above 0 and below 1", help: ["interval=0.95"])
        }
        if let embeddings, embeddings.isEmpty || Set(embeddings).count < embeddings.count {
            throw ExperimentError(.specification, "embedding= takes one kind or several different ones", help: ["embedding=[head, feature]"])
        }
    }

    /// The K of Recall@K that papers report on a data set.
    static func usualRecall(on data: String) -> [Int] {
        switch data {
        case _ where data.hasPrefix("sop"): [1, 10, 100, 1000]
        case _ where data.hasPrefix("inshop"): [1, 10, 20, 30]
        case _ where data.hasPrefix("inat"): [1, 4, 16, 32]
        default: [1, 2, 4, 8]
        }
    }
}
