internal import Experiments
import VPSAnalysis

struct PrecisionHandler: CommandHandler {
    static let name = "precision"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let kind = PrecisionSpecification.Kind(rawValue: try arguments.text("kind")) ?? .f32
        let products = kind == .f32 ? PrecisionSpecification.Products(rawValue: try arguments.text("products")) ?? .openblas : .onednn
        let wanted = PrecisionSpecification(kind: kind, products: products)
        try session.edit(arguments) { $0.precision = wanted }
        if let reason = wanted.unavailability { session.say("warning: \(reason); products are computed in f32 by OpenBLAS") }
        return nil
    }
}
