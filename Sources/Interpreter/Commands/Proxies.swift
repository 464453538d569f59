internal import Experiments
import VPSAnalysis

struct ProxiesHandler: CommandHandler {
    static let name = "proxies"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        var proxies = ProxySpecification(kind: ProxySpecification.Kind(rawValue: try arguments.text("integration")) ?? .none)
        if proxies.isSemantic {
            proxies.range = try arguments.text("range") == "batch" ? .batch : .all
            proxies.alpha = try arguments.number("alpha")
        }
        if proxies.kind == .simple {
            proxies.simpleIntegration = try arguments.text("integrate") == "mean" ? .mean : .gru
            proxies.simplePrompts = try arguments.text("prompts") == "none" ? .none : .generic
        }
        if proxies.hasClassPrompts {
            proxies.layers = try arguments.optionalInteger("layers")
            proxies.count = try arguments.integer("n")
            proxies.step = try arguments.integer("step")
            proxies.update = try arguments.text("update") == "touched" ? .touched : .dense
        }
        if proxies.integration == .mean { proxies.keep = try arguments.number("keep") }
        if proxies.integration == .gru {
            proxies.normalization = try arguments.text("norm") == "last" ? .last : .each
            proxies.cell = try arguments.text("cell") == "tanh" ? .tanh : .relu
            proxies.dropout = try arguments.number("dropout")
        }
        try session.edit(arguments) { $0.proxies = proxies }
        return nil
    }
}
