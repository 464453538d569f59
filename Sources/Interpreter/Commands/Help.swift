import VPSAnalysis

struct HelpHandler: CommandHandler {
    static let name = "help"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        session.output.write(HelpText.answer(to: try arguments.texts("topic")))
        return nil
    }
}
