internal import Experiments
import VPSAnalysis

struct ScheduleHandler: CommandHandler {
    static let name = "schedule"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let kind = ScheduleSpecification.Kind(rawValue: try arguments.text("shape")) ?? .constant
        var schedule = ScheduleSpecification(kind: kind, warmup: try arguments.integer("warmup"), freezeEpochs: try arguments.integer("freeze-epochs"))
        switch kind {
        case .cosine, .linear:
            schedule.epochs = try arguments.optionalInteger("epochs")
            schedule.minimum = try arguments.number("min")
        case .step:
            schedule.every = try arguments.integer("step")
            schedule.gamma = try arguments.number("gamma")
        case .multistep:
            schedule.milestones = try arguments.integers("milestones")
            schedule.gamma = try arguments.number("gamma")
        case .constant: break
        }
        let result = schedule
        try session.edit(arguments) { $0.schedule = result }
        return nil
    }
}
