internal import Experiments
import VPSAnalysis

struct ImportHandler: CommandHandler {
    static let name = "import"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let file = try arguments.path("file")
        let found = try session.experiment.importAuthors(from: file)
        let specification = session.experiment.specification
        session.say("imported \(grouped(found.parameters)) values from \(file), trained on \(grouped(found.classes)) classes")
        let tuned = found.tunedTensors == 0 ? "as loaded" : "\(found.tunedTensors) tensors tuned, `tune \(specification.tuning.rawValue)`"
        session.say("  backbone  \(tuned)")
        if specification.prompts.isOn {
            session.say("  prompts   step=\(specification.prompts.step), as set: the file does not tell it")
        }
        if !found.hasContainer { session.say("  the classes' semantic proxies are not in the file: training that goes on makes them anew") }
        if !found.unmapped.isEmpty { session.say("  left out  " + found.unmapped.joined(separator: ", ")) }
        return .record(Record([("parameters", .integer(found.parameters)), ("classes", .integer(found.classes)), ("left-out", .integer(found.unmapped.count))]))
    }
}
