internal import Experiments
import Reporting
import VPSAnalysis

struct StatusHandler: CommandHandler {
    static let name = "status"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let experiment = session.experiment
        session.say("model    " + (experiment.backboneSummary?.line ?? "none (load vit-nano)"))
        session.say("data     " + (experiment.dataSummary?.line ?? "none (data glyphs)"))
        session.say("method   " + (experiment.specification.methodName ?? "settings of its own"))
        if let counts = experiment.parameterCounts {
            let parts = counts.parts.map { "\($0.name) \(grouped($0.count))" }.joined(separator: ", ")
            let perClass = experiment.dataSummary == nil ? ", without what each class has" : ""
            session.say("trains   \(grouped(counts.total)) values\(perClass): \(parts.isEmpty ? "nothing" : parts)")
        }
        let trained = experiment.hasTrainedModel ? "yes" : experiment.hasOutdatedModel ? "yes, with other settings" : "no"
        session.say("trained  " + trained)
        session.say("threads  \(experiment.threads)")
        return nil
    }
}
