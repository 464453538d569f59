import MetricLearning
import TensorEngine
import TensorFiles

/// A case of kind `loss`: a loss's value and its gradients for embeddings and, where it has them, class weights.
struct LossCase {
    private let settings: CaseSettings
    private let loss: any Loss

    init(_ settings: CaseSettings) throws {
        self.settings = settings
        loss = try Self.loss(settings)
    }

    func run(_ engine: Engine) throws -> Comparison {
        let file = try settings.tensors()
        let embeddings = Parameter(name: "embeddings", value: try file.tensor("embeddings"), isTrainable: true)
        guard embeddings.value.shape.count == 2 else { throw CaseFault.malformed("tensor `embeddings` has shape \(embeddings.value.shape); expected two axes") }
        let labels = try file.labels("labels", count: embeddings.value.shape[0])
        let weights = try loss.proxiesPerClass == 0 ? nil : Parameter(name: "weights.0", value: file.tensor("weights.0"), isTrainable: true)
        let tape = Tape(engine: engine)
        let value = try loss(embeddings: tape.parameter(embeddings), labels: labels, proxies: weights.map(tape.parameter), tape: tape)
        try tape.backward(from: value)
        var comparison = Comparison()
        try comparison.values(value.value.array(), try file.array("loss").values, "loss")
        for parameter in [embeddings] + (weights.map { [$0] } ?? []) {
            let name = "grad." + parameter.name
            try file.require(name, parameter.value.shape)
            try comparison.gradient(parameter.gradient?.array() ?? [], file.array(name).values, name)
        }
        return comparison
    }

    /// A new loss needs one line here.
    private static func loss(_ settings: CaseSettings) throws -> any Loss {
        let name = try settings.text("loss")
        switch name {
        case "proxy-anchor":
            try settings.allow(["loss", "library", "layout", "alpha", "delta"])
            // pytorch-metric-learning divides the positive term by the classes present, the authors' program by all.
            let isLibrary = try settings.has("library") && settings.text("library").hasPrefix("pytorch-metric-learning")
            return ProxyAnchorLoss(alpha: try settings.number("alpha"), delta: try settings.number("delta"), divide: isLibrary ? .present : .all)
        default: throw CaseFault.unsupported("the loss `\(name.printable)`")
        }
    }
}
