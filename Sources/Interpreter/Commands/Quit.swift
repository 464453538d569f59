import VPSAnalysis

struct QuitHandler: CommandHandler {
    static let name = "quit"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        session.isFinished = true
        return nil
    }
}
