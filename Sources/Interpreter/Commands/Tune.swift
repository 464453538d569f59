internal import Experiments
import VPSAnalysis

struct TuneHandler: CommandHandler {
    static let name = "tune"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let tuning = TuningSpecification(rawValue: try arguments.text("what")) ?? .frozen
        try session.edit(arguments) { $0.tuning = tuning }
        return nil
    }
}
