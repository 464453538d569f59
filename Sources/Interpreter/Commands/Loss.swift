internal import CommandSchema
internal import Experiments
import VPSAnalysis

struct LossHandler: CommandHandler {
    static let name = "loss"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let name = try arguments.text("name")
        var given: [String: LossSpecification.Value] = [:]
        for option in arguments.command.options where arguments.isGiven(option.name) { given[option.name] = try value(option, arguments) }
        let loss = try LossSpecification.named(name, given)
        try session.edit(arguments) { $0.loss = loss }
        return nil
    }

    /// The catalog's options are the settings of the losses, by the same names and of the same kinds.
    private func value(_ option: OptionDeclaration, _ arguments: BoundArguments) throws -> LossSpecification.Value {
        switch option.kind {
        case .integer: .integer(try arguments.integer(option.name))
        case .list: .integers(try arguments.integers(option.name))
        case .flag: .flag(try arguments.flag(option.name))
        case .word: .word(try arguments.text(option.name))
        default: .number(try arguments.number(option.name))
        }
    }
}
