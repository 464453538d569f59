internal import Experiments
import VPSAnalysis

struct ExportHandler: CommandHandler {
    static let name = "export"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let (word, file) = (try arguments.text("format"), try arguments.path("file"))
        guard let format = ExportFormat(rawValue: word) else { throw ExperimentError(.specification, "there is no format `\(word)`") }
        let count = try session.experiment.export(format, to: file)
        session.say("exported \(grouped(count)) values to \(file)")
        return .record(Record([("file", .text(file)), ("parameters", .integer(count))]))
    }
}
