internal import Experiments
import VPSAnalysis

struct AdapterHandler: CommandHandler {
    static let name = "adapter"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let word = try arguments.text("placement")
        guard word != "none" else {
            try session.edit(arguments) { $0.adapter = nil }
            return nil
        }
        let adapter = AdapterSpecification(
            placement: word == "sequential" ? .sequential : .parallel, layers: try arguments.optionalInteger("layers"),
            dim: try arguments.integer("dim"), scale: try arguments.number("scale"),
            norm: AdapterSpecification.Norm(rawValue: try arguments.text("ln")) ?? .post)
        try session.edit(arguments) { $0.adapter = adapter }
        return nil
    }
}
