internal import Experiments
import Reporting
import VPSAnalysis

struct EvalHandler: CommandHandler {
    static let name = "eval"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let options = try options(arguments, in: session)
        let progress = session.pictureProgress("eval")
        defer { progress.clear() }
        let evaluation = try session.stoppable { try session.experiment.evaluate(options, progress: progress.update) }
        progress.clear()
        for record in evaluation.records { say(record, isOnly: evaluation.records.count == 1, in: session) }
        if let trouble = evaluation.cacheTrouble { session.say("warning: data cache: \(trouble)") }
        if let run = evaluation.run, let reason = evaluation.notKept { session.say("warning: not kept in \(run): \(reason)") }
        guard let first = evaluation.records.first else { return .record(Record()) }
        let kinds = arguments.isGiven("embedding") ? evaluation.records.map { ($0.embedding.rawValue, Value.record(Record($0.fields))) } : []
        return .record(Record(first.fields + kinds))
    }

    private func options(_ arguments: BoundArguments, in session: Session) throws -> EvaluationOptions {
        EvaluationOptions(
            part: try session.part(arguments), recall: arguments.isGiven("recall") ? try arguments.integers("recall") : nil,
            meanAveragePrecision: try arguments.flag("map"), countsQuery: try arguments.flag("map-counted"), wholeRanking: try arguments.flag("mean-ap"),
            clustering: try arguments.flag("nmi")
                ? EvaluationOptions.Clustering(clusters: arguments.optionalInteger("clusters"), restarts: arguments.integer("restarts")) : nil,
            embeddings: arguments.isGiven("embedding") ? try arguments.texts("embedding").compactMap(EmbeddingKind.init) : nil,
            interval: try arguments.optionalNumber("interval"))
    }

    private func say(_ record: EvaluationRecord, isOnly: Bool, in session: Session) {
        let isUsual = record.embedding == (record.isFrozen ? .feature : .head)
        let kind = isOnly && isUsual ? "" : ", \(record.embedding.rawValue)"
        session.say(
            "\(record.part.rawValue)\(session.modelNote)\(kind)  \(record.figures)  (\(grouped(record.queries)) queries, \(NumberText.clock(seconds: record.seconds)))")
    }
}

extension Session {
    /// The half of the data that `on=` names.
    func part(_ arguments: BoundArguments) throws -> EvaluationOptions.Part {
        EvaluationOptions.Part(rawValue: try arguments.text("on")) ?? .test
    }

    /// What figures are of, where it is not the trained model.
    var modelNote: String {
        if experiment.hasTrainedModel { return "" }
        return experiment.hasOutdatedModel ? ", frozen features (the settings have changed since training)" : ", frozen features"
    }
}
