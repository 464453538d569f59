internal import Experiments
import VPSAnalysis

struct SeedHandler: CommandHandler {
    static let name = "seed"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let seed = UInt64(max(try arguments.integer("number"), 0))
        try session.edit(arguments) { $0.seed = seed }
        return nil
    }
}
