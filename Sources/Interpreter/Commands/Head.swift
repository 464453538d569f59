internal import Experiments
import VPSAnalysis

struct HeadHandler: CommandHandler {
    static let name = "head"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let head = try arguments.flag("none")
            ? HeadSpecification(kind: .none)
            : HeadSpecification(
                dim: try arguments.optionalInteger("dim"), initialization: try arguments.text("init") == "orthogonal" ? .orthogonal : .xavier,
                normalization: try arguments.text("norm") == "none" ? .none : .layer)
        try session.edit(arguments) { $0.head = head }
        return nil
    }
}
