internal import Experiments
import VPSAnalysis

struct LoRAHandler: CommandHandler {
    static let name = "lora"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard try !arguments.flag("none") else {
            try session.edit(arguments) { $0.lora = nil }
            return nil
        }
        let targets = try arguments.texts("targets").compactMap(LowRankSpecification.Target.init)
        if let twice = targets.first(where: { target in targets.count { $0 == target } > 1 }) {
            throw ExperimentError(.specification, "lora targets: `\(twice.rawValue)` is there twice")
        }
        let lora = LowRankSpecification(
            rank: try arguments.integer("rank"), targets: targets,
            alpha: try arguments.optionalNumber("alpha"), layers: try arguments.optionalInteger("layers"))
        try session.edit(arguments) { $0.lora = lora }
        return nil
    }
}
