import VPSAnalysis

struct QuitHandler: CommandHandler {
    static let name = "quit"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        session.isFinished = true
        return nil
    }
}
