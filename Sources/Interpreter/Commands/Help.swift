import VPSAnalysis

struct HelpHandler: CommandHandler {
    static let name = "help"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        if let words = try arguments.optionalText("search") {
            session.output.write(HelpSearch.text([words]))
            return nil
        }
        session.output.write(try arguments.optionalText("topic").map { HelpText.topic($0) } ?? HelpText.overview())
        return nil
    }
}
