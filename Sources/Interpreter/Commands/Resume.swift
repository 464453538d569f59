internal import Experiments
import VPSAnalysis

struct ResumeHandler: CommandHandler {
    static let name = "resume"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let path = try arguments.path("run")
        let report = TrainingReport(session)
        defer { report.clear() }
        let (resumed, damage) = try session.experiment.resume(run: path)
        if session.experiment.specification.data?.validation ?? 0 > 0 { session.state.facts.insert(.validationHeldOut) }
        switch resumed {
        case .complete(let outcome):
            session.say("\(path) is trained to its end")
            return try session.finish(outcome)
        case .from(let position): session.sayDamage(damage, goingOnFrom: position)
        case .beginning: session.say("\(path) has no checkpoint yet: it begins again")
        }
        let outcome = try session.stoppable {
            // The run has its script.
            try session.experiment.train(
                runs: session.runsFolder, texts: RunTexts(script: "") { SpecificationText(specification: $0).scriptWithTraining() },
                observer: report, shouldStop: session.shouldStop)
        }
        report.clear()
        return try session.finish(outcome)
    }
}
