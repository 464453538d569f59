internal import Experiments
import VPSAnalysis

struct RestoreHandler: CommandHandler {
    static let name = "restore"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let path = try arguments.path("from")
        let epoch = try arguments.optionalText("epoch").flatMap(RunEpoch.init)
        switch try session.experiment.restore(from: path, epoch: epoch) {
        case .model(let classes):
            session.say("restored \(path): \(methodName(in: session)), trained on \(grouped(classes)) classes")
        case .run(let position, let isComplete, let damage):
            session.sayDamage(damage, goingOnFrom: position)
            let place = isComplete ? "trained to its end" : "at epoch \(position.epoch + 1) step \(position.step + 1); `train` goes on"
            session.say("restored \(path): \(methodName(in: session)), \(place)")
        case .epoch(let number, let epoch):
            session.say("restored \(path): \(methodName(in: session)), epoch \(number + 1), \(epoch.title); `train` begins a new run from it")
        }
        if session.experiment.specification.data?.validation ?? 0 > 0 { session.state.facts.insert(.validationHeldOut) }
        if let model = session.experiment.backboneSummary { session.say(model.line) }
        if let data = session.experiment.dataSummary { session.say(data.line) }
        return nil
    }

    private func methodName(in session: Session) -> String {
        session.experiment.specification.method?.rawValue ?? "a model with settings of its own"
    }
}
