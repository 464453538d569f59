internal import Experiments
import VPSAnalysis

struct TuneHandler: CommandHandler {
    static let name = "tune"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        var tuning = TuningSpecification(rawValue: try arguments.text("what")) ?? .frozen
        if tuning == .full, try arguments.text("freeze") == "patch-embedding" { tuning = .fullButPatchEmbedding }
        try session.edit(arguments) { $0.tuning = tuning }
        return nil
    }
}
