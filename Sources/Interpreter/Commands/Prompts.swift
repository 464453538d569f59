internal import Experiments
import VPSAnalysis

struct PromptsHandler: CommandHandler {
    static let name = "prompts"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let prompts = try arguments.flag("none")
            ? PromptSpecification(isOn: false)
            : PromptSpecification(
                placement: try arguments.text("where") == "shallow" ? .shallow : .deep, layers: try arguments.optionalInteger("layers"),
                count: try arguments.integer("n"), step: try arguments.integer("step"))
        try session.edit(arguments) { $0.prompts = prompts }
        return nil
    }
}
