internal import Foundation
internal import TensorFiles

/// What `eval` measured of a run's model, as `metrics.json` keeps it.
public struct KeptEvaluation: Codable, Equatable, Sendable {
    /// Which of the run's models, and where in training it stands.
    public var model: RunEpoch
    public var position: TrainingPosition
    public var record: EvaluationRecord
    /// ISO 8601, UTC.
    public var measured: String
    /// 16 hexadecimal digits over names, labels and bytes of the part's pictures, and who of them asks whom.
    public var dataHash: String
    /// File in the run's folder: an int64 `.npy` array with a number a query, the rank of its first hit from 1; 0 when that lies beyond
    /// `depth`; -1 for a query that does not count.
    public var answers: String
    /// Ranks that were looked at: Recall@K is known for K up to it.
    public var depth: Int

    /// Whether both are about the same model, pictures and embedding, so that their queries' answers are the same.
    fileprivate func sharesAnswers(with other: KeptEvaluation) -> Bool {
        model == other.model && position == other.position && record.part == other.record.part && record.embedding == other.record.embedding
    }

    /// Whether this one says all that the other says.
    fileprivate func replaces(_ other: KeptEvaluation) -> Bool {
        func figures(_ record: EvaluationRecord) -> Set<String> {
            let optional: [(String, Double?)] = [
                ("map@r", record.meanAveragePrecision), ("counted", record.meanAveragePrecisionCounted), ("ap", record.averagePrecision),
                ("nmi", record.normalizedMutualInformation), ("interval", record.interval),
            ]
            return Set(record.recall.map { "recall@\($0.k)" } + optional.compactMap { $0.1 == nil ? nil : $0.0 })
        }
        return sharesAnswers(with: other) && (dataHash != other.dataHash || figures(record).isSuperset(of: figures(other.record)))
    }
}

/// One of a run's models, as the one at hand.
struct RunModel {
    let folder: RunFolder
    let model: RunEpoch
    let position: TrainingPosition
}

extension Experiment {
    /// Writes records and answers into the folder of the run that the model belongs to.
    func keep(_ measured: [MeasuredPart], part: EvaluationOptions.Part, of run: RunModel) throws {
        let lock = try RunLock(run.folder)
        defer { withExtendedLifetime(lock) {} }
        var metrics = try run.folder.metrics()
        let dataHash = try readyData().hash(of: part)
        let now = ISO8601DateFormatter().string(from: Date())
        for one in measured {
            let name = "answers-\(part.rawValue)-\(one.record.embedding.rawValue)-\(run.model.rawValue)-\(run.position.epoch)-\(run.position.step).npy"
            var kept = KeptEvaluation(
                model: run.model, position: run.position, record: one.record, measured: now, dataHash: dataHash, answers: name, depth: one.depth)
            let deeper = metrics.kept.first { $0.sharesAnswers(with: kept) && $0.dataHash == dataHash && $0.depth > kept.depth }
            if let deeper {
                kept.depth = deeper.depth
            } else {
                try NPY.write(one.firstHits.map { Int64($0) }, shape: [one.firstHits.count], to: run.folder.path + "/" + name)
                for index in metrics.kept.indices where metrics.kept[index].sharesAnswers(with: kept) { metrics.kept[index].depth = kept.depth }
            }
            metrics.kept.removeAll { kept.replaces($0) }
            metrics.kept.append(kept)
        }
        try run.folder.write(metrics)
    }
}
