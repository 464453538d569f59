internal import Experiments
import VPSAnalysis

struct UndoHandler: CommandHandler {
    static let name = "undo"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard let change = try session.stepBack() else { throw ExperimentError(.state, "there is no change to take back") }
        session.say("undone: \(change)")
        return nil
    }
}

struct RedoHandler: CommandHandler {
    static let name = "redo"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard let change = try session.stepForward() else { throw ExperimentError(.state, "there is no change to make again") }
        session.say("done again: \(change)")
        return nil
    }
}
