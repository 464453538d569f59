internal import Experiments
import VPSAnalysis

struct TableHandler: CommandHandler {
    static let name = "table"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let table = try PaperTable(
            runs: arguments.texts("runs").map(PathText.expanded), figure: RunEpoch(rawValue: arguments.text("figure")) ?? .last)
        session.output.write(table.text(isUnicode: session.output.terminal?.isUnicode ?? true))
        if let output = try arguments.optionalPath("output") {
            try TextFile.write(table.markdown, to: output)
            session.say("table \(output)")
        }
        return .record(Record([
            ("runs", .integer(table.rows.reduce(0) { $0 + $1.runs.count })), ("left-out", .integer(table.leftOut.count)),
        ]))
    }
}
