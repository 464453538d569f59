internal import Experiments
import Reporting
import VPSAnalysis

struct PlotHandler: CommandHandler {
    static let name = "plot"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let plot = try RunPlot(
            session.runs(arguments), subject: arguments.text("what"), isLogarithmic: arguments.flag("log"))
        session.output.write(plot.text(on: session.output.terminal))
        if let output = try arguments.optionalPath("output") {
            try plot.write(to: output)
            session.say("picture \(output)")
        }
        return .record(Record([("points", .integer(plot.points)), ("series", .integer(plot.series))]))
    }
}
