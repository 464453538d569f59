internal import Experiments
import Reporting
import VPSAnalysis

struct EvalHandler: CommandHandler {
    static let name = "eval"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let options = EvaluationOptions(
            part: try session.part(arguments), recall: try arguments.integers("recall"), meanAveragePrecision: try arguments.flag("map"))
        let progress = session.pictureProgress("eval")
        defer { progress.clear() }
        let record = try session.stoppable { try session.experiment.evaluate(options, progress: progress.update) }
        progress.clear()
        session.say("\(record.part.rawValue)\(session.modelNote)  \(record.figures)  (\(grouped(record.queries)) queries, \(NumberText.clock(seconds: record.seconds)))")
        var fields: [(String, Value)] = record.recall.map { ("recall@\($0.k)", .number($0.value)) }
        if let map = record.meanAveragePrecision { fields.append(("map@r", .number(map))) }
        if let precision = record.rPrecision { fields.append(("r-precision", .number(precision))) }
        return .record(Record(fields + [("queries", .integer(record.queries)), ("minutes", .number(record.seconds / 60))]))
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
