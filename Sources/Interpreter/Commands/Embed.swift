internal import Experiments
import VPSAnalysis

struct EmbedHandler: CommandHandler {
    static let name = "embed"
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let file = try arguments.path("file")
        let progress = session.pictureProgress("embed")
        defer { progress.clear() }
        let summary = try session.stoppable {
            try session.experiment.embed(
                to: file, part: session.part(arguments), images: arguments.optionalPath("images"), progress: progress.update)
        }
        progress.clear()
        session.say("embedded \(grouped(summary.images)) images x \(summary.width)\(session.modelNote) to \(file)")
        return .record(Record([("images", .integer(summary.images)), ("dim", .integer(summary.width)), ("file", .text(file))]))
    }
}
