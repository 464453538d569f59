internal import Experiments
import VPSAnalysis

struct SaveHandler: CommandHandler {
    static let name = "save"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let file = try arguments.path("file")
        let count = try arguments.flag("merge")
            ? session.experiment.saveMergedBackbone(to: file)
            : session.experiment.save(to: file, wholeBackbone: arguments.flag("whole"))
        session.say("saved \(grouped(count)) values to \(file)")
        return .record(Record([("file", .text(file)), ("parameters", .integer(count))]))
    }
}
