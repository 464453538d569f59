internal import Experiments
import VPSAnalysis

struct MethodHandler: CommandHandler {
    static let name = "method"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let name = try arguments.text("name")
        guard let method = MethodPreset(rawValue: name) else {
            throw ExperimentError(.specification, "there is no method `\(name)`")
        }
        let bitfit = try arguments.flag("bitfit")
        try session.edit(arguments, replacing: arguments.command.replaced(by: name)) { $0.applyMethod(method, bitfit: bitfit) }
        return nil
    }
}
