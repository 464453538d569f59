internal import Experiments
import VPSAnalysis

struct ShowHandler: CommandHandler {
    static let name = "show"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let model = session.experiment.backboneSummary
        let text = SpecificationText(
            specification: session.experiment.specification, image: model?.image, depth: model?.depth, width: model?.width)
        if let part = try arguments.optionalText("part") {
            session.say(text.statement(part) ?? "# \(part) is not set")
        } else {
            session.output.write(text.script())
        }
        return nil
    }
}
