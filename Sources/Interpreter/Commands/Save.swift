internal import Experiments
import VPSAnalysis
internal import VPSSyntax

struct SaveHandler: CommandHandler {
    static let name = "save"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let file = try arguments.path("file")
        if file.lowercased().hasSuffix(".vps") { return try saveScript(to: file, arguments, in: session) }
        guard try !arguments.flag("full") else {
            throw ExperimentError(.specification, "`full` is for scripts", help: ["write `save \"settings.vps\" full`, or `save \(quoted(file)) whole` for the whole backbone"])
        }
        let count = try arguments.flag("merge")
            ? session.experiment.saveMergedBackbone(to: file)
            : session.experiment.save(to: file, wholeBackbone: arguments.flag("whole"))
        session.say("saved \(grouped(count)) values to \(file)")
        return .record(Record([("file", .text(file)), ("parameters", .integer(count))]))
    }

    private func saveScript(to file: String, _ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard try !arguments.flag("whole"), try !arguments.flag("merge") else {
            throw ExperimentError(.specification, "a script holds settings, not weights", help: ["write `save \"model.safetensors\"`"])
        }
        let text = try arguments.flag("full")
            ? SpecificationText(specification: session.experiment.resolvedSpecification).script()
            : SpecificationScript(specification: session.experiment.specification).text
        try TextFile.write(text, to: file)
        let lines = text.split(separator: "\n").count
        session.say("saved the settings to \(file), \(lines) lines")
        return .record(Record([("file", .text(file)), ("parameters", .integer(0))]))
    }
}
