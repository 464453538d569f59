internal import Experiments
import VPSAnalysis

struct OptimHandler: CommandHandler {
    static let name = "optim"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        var optimizer = OptimizerSpecification(
            kind: OptimizerSpecification.Kind(rawValue: try arguments.text("name")) ?? .sgd, rate: try arguments.number("lr"),
            headRate: try arguments.optionalNumber("head-lr"), proxyRate: try arguments.number("proxy-lr"), weightDecay: try arguments.number("weight-decay"))
        if optimizer.kind == .sgd {
            optimizer.momentum = try arguments.number("momentum")
            optimizer.nesterov = try arguments.flag("nesterov")
        } else {
            optimizer.betas = try arguments.numbers("betas")
            optimizer.epsilon = try arguments.number("eps")
        }
        if let bound = try arguments.optionalNumber("clip-norm") { optimizer.clipping = .norm(bound) }
        if let bound = try arguments.optionalNumber("clip-value") { optimizer.clipping = .value(bound) }
        let result = optimizer
        try session.edit(arguments) { $0.optimizer = result }
        return nil
    }
}
