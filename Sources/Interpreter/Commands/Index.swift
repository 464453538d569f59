internal import Experiments
import Reporting
import VPSAnalysis

struct IndexHandler: CommandHandler {
    static let name = "index"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let file = try arguments.path("file")
        let options = IndexOptions(
            kind: IndexOptions.Kind(rawValue: try arguments.text("kind")) ?? .hnsw, links: try arguments.integer("m"), breadth: try arguments.integer("ef-construction"))
        // Embedding, and then building: each has a bar of its own.
        var bars: [String: PictureProgress] = [:]
        defer { bars.values.forEach { $0.clear() } }
        let summary = try session.stoppable {
            try session.experiment.index(to: file, from: arguments.optionalPath("from"), part: session.part(arguments), options: options) { label, done, total in
                if bars[label] == nil {
                    bars.values.forEach { $0.clear() }
                    bars[label] = session.pictureProgress(label)
                }
                return bars[label]?.update(done, total) ?? true
            }
        }
        bars.values.forEach { $0.clear() }
        let graph = options.kind == .hnsw ? ", graph in \(NumberText.clock(seconds: summary.graphSeconds))" : ""
        session.say("index \(file)  \(grouped(summary.rows)) rows x \(summary.width)\(graph), \(grouped(summary.bytes >> 20)) MiB")
        return .record(Record([
            ("images", .integer(summary.rows)), ("dim", .integer(summary.width)), ("minutes", .number(summary.graphSeconds / 60)), ("file", .text(file)),
        ]))
    }
}
