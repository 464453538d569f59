import MetricLearning
import TensorEngine
import TensorFiles

/// A case of kind `loss`: a loss's value and its gradients for embeddings and, where it has them, class weights.
struct LossCase {
    private let settings: CaseSettings
    private let loss: any Loss
    /// What the case's program multiplies the embeddings by.
    private let inputScale: Float
    /// Proxies are columns, as in pytorch-metric-learning's softmax losses.
    private let hasColumns: Bool

    init(_ settings: CaseSettings) throws {
        self.settings = settings
        loss = try Self.loss(settings)
        inputScale = settings.has("scale_input") ? Float(try settings.number("scale_input")) : 1
        hasColumns = try settings.has("layout") && settings.text("layout").hasPrefix("dim x")
    }

    func run(_ engine: Engine) throws -> Comparison {
        let file = try settings.tensors()
        let embeddings = Parameter(name: "embeddings", value: try file.tensor("embeddings"), isTrainable: true)
        guard embeddings.value.shape.count == 2 else { throw CaseFault.malformed("tensor `embeddings` has shape \(embeddings.value.shape); expected two axes") }
        let labels = try file.labels("labels", count: embeddings.value.shape[0])
        let weights = try loss.proxiesPerClass == 0 ? nil : Parameter(name: "weights.0", value: proxies(file.tensor("weights.0")), isTrainable: true)
        let tape = Tape(engine: engine)
        let rows = tape.scale(tape.parameter(embeddings), by: inputScale)
        let value = try loss(embeddings: rows, labels: labels, proxies: weights.map(tape.parameter), tape: tape)
        try tape.backward(from: value)
        var comparison = Comparison()
        try comparison.values(value.value.array(), try file.array("loss").values, "loss")
        try file.require("grad.embeddings", embeddings.value.shape)
        try comparison.gradient(embeddings.gradient?.array() ?? [], file.array("grad.embeddings").values, "grad.embeddings")
        if let weights {
            let shape = weights.value.shape
            try file.require("grad.weights.0", hasColumns ? shape.reversed() : shape)
            try comparison.gradient(weights.gradient?.array() ?? [], proxies(file.tensor("grad.weights.0")).array(), "grad.weights.0")
        }
        return comparison
    }

    /// One row a proxy.
    private func proxies(_ weights: Tensor) throws -> Tensor {
        guard hasColumns else { return weights }
        guard weights.shape.count == 2 else { throw CaseFault.malformed("tensor `weights.0` has shape \(weights.shape); expected two axes") }
        let (rows, columns) = (weights.shape[0], weights.shape[1])
        let values = weights.array()
        return try Tensor((0..<columns).flatMap { c in (0..<rows).map { values[$0 * columns + c] } }, shape: [columns, rows])
    }

    // MARK: The loss, by the names of the language

    /// What cases call settings whose name in the language is another one than theirs with `-` for `_`.
    private static let settingNames = [
        "la": "lambda", "pos_margin": "positive-margin", "neg_margin": "negative-margin", "m": "margin", "tau": "temperature", "c": "curvature",
        "ks": "k", "tau1": "count-temperature", "tau2": "rank-temperature",
    ]
    /// Settings of the case, not of the loss.
    private static let others = ["loss", "library", "layout", "scale_input", "reduction", "triplets", "miner", "include_query"]

    private static func loss(_ settings: CaseSettings) throws -> any Loss {
        let name = try settings.text("loss")
        var given: [String: LossValue] = [:]
        var wanted = name
        switch name {
        case "hyperbolic-sphere": (wanted, given["curvature"]) = ("hyperbolic", .number(0))
        case "recall-at-k-paper": (wanted, given["query"]) = ("recall-at-k", .word("left-out"))
        // pytorch-metric-learning divides the positive term by the classes present, the authors' program by all.
        case "proxy-anchor" where try settings.has("library") && settings.text("library").hasPrefix("pytorch-metric-learning"):
            given["divide"] = .word("present")
        default: break
        }
        guard let definition = NamedLosses.definition(named: wanted) else { throw CaseFault.unsupported("the loss `\(name.printable)`") }
        for key in settings.keys where !others.contains(key) {
            let setting = settingNames[key] ?? key.replacing("_", with: "-")
            guard let standard = definition.setting(setting)?.standard else { throw CaseFault.unsupported("the setting `\(key.printable)`") }
            given[setting] = switch standard {
            case .number: .number(try settings.number(key))
            case .integer: .integer(try settings.integer(key))
            case .integers: .integers(try settings.integers(key))
            case .word: .word(try settings.text(key))
            case .flag: .flag(try settings.flag(key))
            }
        }
        if settings.has("include_query") { given["query"] = .word(try settings.flag("include_query") ? "ranked" : "left-out") }
        if settings.has("reduction"), try settings.text("reduction") != "mean over nonzero" {
            throw CaseFault.unsupported("the setting `reduction` being `\(try settings.text("reduction").printable)`")
        }
        for key in ["miner", "triplets"] where settings.has(key) {
            let miner = try settings.text(key)
            if miner != "none" { given["miner"] = .word(miner) }
        }
        // On the sphere nothing is clipped.
        if given["curvature"] == .number(0) { given["clip"] = nil }
        do { return try LossSettings(wanted, given).function } catch let error as MetricLearningError { throw CaseFault.unsupported(error.description) }
    }
}
