internal import Experiments
import VPSAnalysis

struct ThreadsHandler: CommandHandler {
    static let name = "threads"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let count = try arguments.integer("count")
        try session.edit(arguments) { $0.threads = count }
        return nil
    }
}
