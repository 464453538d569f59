internal import Experiments
import VPSAnalysis

struct LossHandler: CommandHandler {
    static let name = "loss"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let loss = LossSpecification(
            mode: try arguments.text("mode") == "nca" ? .nca : .anchor, sharpness: try arguments.number("alpha"),
            margin: try arguments.number("delta"), divisor: try arguments.text("divide") == "present" ? .present : .all)
        try session.edit(arguments) { $0.loss = loss }
        return nil
    }
}
