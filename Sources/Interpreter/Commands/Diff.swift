internal import Experiments
import Reporting
import VPSAnalysis

struct DiffHandler: CommandHandler {
    static let name = "diff"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let first = try RunDifferenceTable.Side(RunFolder.open(arguments.path("run")))
        let second = try arguments.optionalPath("other").map { try RunDifferenceTable.Side(RunFolder.open($0)) }
            ?? RunDifferenceTable.Side(session: session.experiment.specification)
        let table = RunDifferenceTable([first, second])
        session.output.write(table.text(isUnicode: Terminal.standardOutput.isUnicode))
        let count = table.settings
        session.say(count == 0 ? "the settings are the same" : "\(count) \(count == 1 ? "setting differs" : "settings differ")")
        return .record(Record([("settings", .integer(count))]))
    }
}
