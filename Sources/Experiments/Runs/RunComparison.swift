internal import Foundation
internal import MetricLearning
internal import TensorFiles

/// Recall@K of two runs' models on the same queries, and whether the difference may be chance.
public struct RunComparison: Codable, Equatable, Sendable {
    public struct Side: Codable, Equatable, Sendable {
        /// Path of the run's folder.
        public var run: String
        public var model: RunEpoch
        public var position: TrainingPosition
        /// Recall@K, 0 to 1.
        public var recall: Double
        /// Queries that only this one found.
        public var onlyHere: Int
    }

    public var part: EvaluationOptions.Part
    public var embedding: EmbeddingKind
    public var k: Int
    public var queries: Int
    public var first: Side
    public var second: Side
    /// Recall@K of the second less that of the first.
    public var difference: Double
    /// Share of the paired bootstrap that lies between `lower` and `upper`.
    public var interval: Double
    public var lower: Double
    public var upper: Double
    /// McNemar's exact test, two-sided.
    public var pValue: Double
    /// True when the two were trained on the same pictures.
    public var trainedAlike: Bool
}

extension Experiment {
    /// Compares what the newest `eval` of each run found, query by query. The bootstrap's seed is always 0, so that two runs always
    /// give the same numbers.
    ///
    /// - Parameters:
    ///   - first: folder of a run; `second` of another one.
    ///   - k: of Recall@K, at least 1
    ///   - interval: above 0, below 1
    /// - Throws: ``ExperimentError`` when one of them keeps no answers for that, or they are of different pictures.
    public func compare(
        _ first: String, _ second: String, k: Int = 1, part: EvaluationOptions.Part = .test, embedding: EmbeddingKind = .head, interval: Double = 0.95
    ) throws -> RunComparison {
        guard k >= 1 else { throw ExperimentError(.specification, "recall=\(k) makes no sense: K must be at least 1") }
        guard interval > 0, interval < 1 else {
            throw ExperimentError(.specification, "interval=\(interval) must be a share above 0 and below 1", help: ["interval=0.95"])
        }
        let folders = try (RunFolder.open(first), RunFolder.open(second))
        let kept = try (folders.0.newest(part, embedding), folders.1.newest(part, embedding))
        guard kept.0.dataHash == kept.1.dataHash else {
            throw ExperimentError(
                .input, "the two were evaluated on different pictures of the \(part.rawValue) half: \(folders.0.path) on \(kept.0.dataHash), \(folders.1.path) on \(kept.1.dataHash)",
                help: ["a comparison goes query by query; evaluate both on the same data and split"])
        }
        for (folder, one) in [(folders.0, kept.0), (folders.1, kept.1)] where one.depth < k {
            throw ExperimentError(
                .input, "\(folder.path) knows the answers up to recall@\(one.depth), not recall@\(k)", help: ["`restore \"\(folder.path)\"`, then `eval recall=[\(k)]`"])
        }
        let (manifests, engine) = (try (folders.0.manifest(), folders.1.manifest()), try engine())
        let answers = try (folders.0.answers(of: kept.0), folders.1.answers(of: kept.1))
        guard answers.0.count == answers.1.count, zip(answers.0, answers.1).allSatisfy({ ($0 < 0) == ($1 < 0) }), answers.0.contains(where: { $0 >= 0 }) else {
            throw ExperimentError(.input, "the answers that \(folders.0.path) and \(folders.1.path) keep are not of the same queries", help: ["run `eval` on both again"])
        }
        let found = try PairedComparison(first: answers.0, second: answers.1, k: k, confidence: interval, seed: 0, engine: engine)
        return RunComparison(
            part: part, embedding: embedding, k: k, queries: found.queries,
            first: .init(run: folders.0.path, model: kept.0.model, position: kept.0.position, recall: found.first, onlyHere: found.onlyFirst),
            second: .init(run: folders.1.path, model: kept.1.model, position: kept.1.position, recall: found.second, onlyHere: found.onlySecond),
            difference: found.difference, interval: interval, lower: found.lower, upper: found.upper, pValue: found.pValue,
            trainedAlike: manifests.0.dataHash == manifests.1.dataHash)
    }
}

extension RunFolder {
    fileprivate func newest(_ part: EvaluationOptions.Part, _ embedding: EmbeddingKind) throws -> KeptEvaluation {
        guard let kept = try metrics().kept.last(where: { $0.record.part == part && $0.record.embedding == embedding }) else {
            let option = (part == .test ? "" : " on=\(part.rawValue)") + (embedding == .head ? "" : " embedding=\(embedding.rawValue)")
            throw ExperimentError(
                .input, "\(path) keeps no answers of single queries on the \(part.rawValue) half with embedding=\(embedding.rawValue)",
                help: ["`eval\(option)` after `train`, or after `restore \"\(path)\"`, keeps them"])
        }
        return kept
    }

    /// Of each query the rank of its first hit, as ``KeptEvaluation/answers`` says.
    func answers(of kept: KeptEvaluation) throws -> [Int] {
        // The name comes from a file: only one inside the folder is read.
        guard !kept.answers.contains("/") else { throw ExperimentError(.input, "\(metricsPath) names answers outside of the folder: \(kept.answers)") }
        let array = try reading { try NPY.readIntegers(path: path + "/" + kept.answers) }
        return array.values.map { Int(truncatingIfNeeded: $0) }
    }
}
