internal import Experiments
import VPSAnalysis

struct SyncHandler: CommandHandler {
    static let name = "sync"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let run = try arguments.path("run")
        let sent = try session.stoppable { try session.experiment.sync(run: run, shouldStop: session.shouldStop) }
        session.say(sent.map { "sent \(grouped($0.figures)) figures to \($0.store)" } ?? "nothing was waiting in \(run)")
        return .record(Record([("figures", .integer(sent?.figures ?? 0))]))
    }
}
