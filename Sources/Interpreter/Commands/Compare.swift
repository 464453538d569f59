internal import Experiments
import VPSAnalysis

struct CompareHandler: CommandHandler {
    static let name = "compare"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let found = try session.experiment.compare(
            arguments.path("first"), arguments.path("second"), k: arguments.integer("recall"), part: session.part(arguments),
            embedding: EmbeddingKind(rawValue: arguments.text("embedding")) ?? .head, interval: arguments.number("interval"))
        for line in found.lines { session.say(line) }
        return .record(Record([
            ("difference", .number(found.difference)), ("low", .number(found.lower)), ("high", .number(found.upper)), ("p", .number(found.pValue)),
            ("first", .number(found.first.recall)), ("second", .number(found.second.recall)), ("queries", .integer(found.queries)),
        ]))
    }
}
