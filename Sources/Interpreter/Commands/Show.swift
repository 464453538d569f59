internal import Experiments
import VPSAnalysis

struct ShowHandler: CommandHandler {
    static let name = "show"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let text = SpecificationText(specification: session.experiment.resolvedSpecification)
        if let part = try arguments.optionalText("part") {
            session.say(text.statement(part) ?? "# \(part) is not set")
        } else {
            session.output.write(session.output.terminal?.isColor == true ? text.faintScript() : text.script())
        }
        return nil
    }
}
