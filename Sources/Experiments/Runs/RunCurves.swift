internal import Foundation
internal import MetricLearning
internal import TensorFiles

/// What `events.jsonl` holds of a run's course, in order.
public struct RunCurves: Sendable {
    /// Of the newest `train`.
    public var plan: TrainingPlan?
    /// Of more than ``mostSteps`` every so-many-th.
    public var steps: [StepRecord] = []
    public var epochs: [EpochRecord] = []

    /// More than any picture shows apart.
    public static let mostSteps = 20_000

    /// Epochs that are behind a step once it is done: 0.5 in the middle of the first.
    public func epochs(after step: StepRecord) -> Double {
        Double(step.epoch) + Double(step.step + 1) / Double(max(plan?.stepsPerEpoch ?? 1, 1))
    }

    private struct Tag: Decodable { var event: String }

    init(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let stepMark = Array("\"event\":\"step\"".utf8)
        func isStep(_ line: ArraySlice<UInt8>) -> Bool { line.firstRange(of: stepMark) != nil }
        let count = lines.count(where: isStep)
        let stride = max(1, (count + Self.mostSteps - 1) / Self.mostSteps)
        var number = 0
        for line in lines {
            // A line that another program is writing, or that was cut off, is not there yet.
            if isStep(line) {
                defer { number += 1 }
                guard number % stride == 0, let step = Self.decoded(StepRecord.self, line) else { continue }
                steps.append(step)
                continue
            }
            switch Self.decoded(Tag.self, line)?.event {
            case "begin": plan = Self.decoded(TrainingPlan.self, line) ?? plan
            case "epoch": if let epoch = Self.decoded(EpochRecord.self, line) { epochs.append(epoch) }
            default: break
            }
        }
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ line: ArraySlice<UInt8>) -> Value? {
        try? JSONFile.decode(type, from: Array(line), name: "events.jsonl")
    }
}

extension RunFolder {
    /// The run's course so far.
    /// - Throws: ``ExperimentError`` when its events cannot be read.
    public func curves() throws -> RunCurves { RunCurves(try contents(of: eventsPath)) }

    /// The script as typed, and the one with every value; nil where the run has lost it.
    public var scripts: (typed: String?, resolved: String?) {
        func text(_ name: String) -> String? { (try? contents(of: path + "/" + name)).map { String(decoding: $0, as: UTF8.self) } }
        return (text("script.vps"), text("resolved.vps"))
    }
}

extension Experiment {
    /// What `eval` kept, with an interval for each Recall@K: its own, or one made from the answers of the single queries.
    /// - Parameter confidence: of intervals that are made.
    /// - Throws: ``ExperimentError`` when the folder has lost the answers.
    public func recordWithIntervals(_ kept: KeptEvaluation, of folder: RunFolder, confidence: Double = 0.95) throws -> EvaluationRecord {
        var record = kept.record
        guard record.interval == nil else { return record }
        let answers = try folder.answers(of: kept).filter { $0 >= 0 }
        guard !answers.isEmpty, let deepest = record.recall.last, deepest.k <= kept.depth else { return record }
        let ends = Bootstrap.recall(firstHits: answers, ks: record.recall.map(\.k), confidence: confidence, seed: specification.seed, engine: try engine())
        record.interval = confidence
        for (place, ends) in ends.enumerated() { (record.recall[place].lower, record.recall[place].upper) = (ends.lowerBound, ends.upperBound) }
        return record
    }

    /// Folder of the run that the model at hand belongs to; nil for a model of none.
    public var currentRun: String? { currentModel?.run?.folder.path }
}
