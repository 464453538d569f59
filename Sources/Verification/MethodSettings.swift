import MetricLearning
import TensorFiles
import VisionTransformers

/// What the settings of a `method` case mean in the program's own terms.
extension MethodCase {
    static func transformer(_ settings: CaseSettings) throws -> ViTConfiguration {
        let sizes = try settings.object("vit")
        let known = ["img_size", "patch_size", "embed_dim", "depth", "num_heads", "mlp_ratio"]
        if let unknown = sizes.keys.filter({ !known.contains($0) }).min() { throw CaseFault.unsupported("the setting `vit.\(unknown.printable)`") }
        func size(_ key: String) throws -> Int {
            guard let value = sizes[key]?.integer else { throw CaseFault.malformed("the setting `vit.\(key)` should be a whole number") }
            return value
        }
        let ratio = sizes["mlp_ratio"] ?? .integer(4)
        guard let ratio = ratio.number else { throw CaseFault.malformed("the setting `vit.mlp_ratio` should be a number") }
        return try ViTConfiguration(
            image: size("img_size"), patch: size("patch_size"), dim: size("embed_dim"), depth: size("depth"), heads: size("num_heads"), mlpRatio: ratio)
    }

    static func configuration(_ method: Method, _ settings: CaseSettings, depth: Int) throws -> ModelConfiguration {
        let head = HeadConfiguration(dim: try settings.integer("dim"))
        let bitfit = try settings.has("bitfit") && settings.flag("bitfit")
        var configuration = method.configuration(classes: try settings.integer("classes"), depth: depth, bitfit: bitfit, head: head)
        configuration.alpha = Float(try settings.number("alpha"))
        if configuration.prompts != nil { configuration.prompts = try prompts("prompts", settings) }
        if configuration.adapters != nil { configuration.adapters = try adapters(settings) }
        if configuration.semantic != nil {
            configuration.semantic = SemanticConfiguration(integration: try integration(method, settings), classPrompts: try prompts("class_prompts", settings))
        }
        return configuration
    }

    private static func prompts(_ key: String, _ settings: CaseSettings) throws -> PromptConfiguration {
        let sizes = try settings.integers(key, count: 2)
        guard sizes.allSatisfy({ $0 >= 0 }) else { throw CaseFault.malformed("the setting `\(key)` is \(sizes); expected none below 0") }
        return PromptConfiguration(layers: sizes[0], count: sizes[1])
    }

    /// `[blocks, dim, "parallel" or "sequential"]`.
    private static func adapters(_ settings: CaseSettings) throws -> AdapterConfiguration {
        let parts = try settings.elements("adapter")
        guard parts.count == 3, let layers = parts[0].integer, let dim = parts[1].integer, let name = parts[2].string else {
            throw CaseFault.malformed("the setting `adapter` should be two whole numbers and a word")
        }
        guard let placement = BlockAdapter.Placement(rawValue: name) else { throw CaseFault.unsupported("the setting `adapter` being `\(name.printable)`") }
        return AdapterConfiguration(placement: placement, layers: layers, dim: dim)
    }

    private static func integration(_ method: Method, _ settings: CaseSettings) throws -> ProxyIntegration {
        if method == .vptspM { return .mean(keep: settings.has("keep") ? Float(try settings.number("keep")) : 0.8) }
        guard settings.has("norm") else { return .gru() }
        let name = try settings.text("norm")
        guard let norm = ProxyIntegration.Norm(rawValue: name) else { throw CaseFault.unsupported("the setting `norm` being `\(name.printable)`") }
        return .gru(norm: norm)
    }

    static func loss(_ settings: CaseSettings) throws -> ProxyAnchorLoss {
        switch try settings.text("loss") {
        case "proxy-anchor": return ProxyAnchorLoss()
        case "proxy-nca": return ProxyAnchorLoss(mode: .nca)
        case let name: throw CaseFault.unsupported("the loss `\(name.printable)`")
        }
    }

    static func rule(_ settings: CaseSettings) throws -> OptimizerRule {
        switch try settings.text("optim") {
        case "sgd": return .sgd(momentum: settings.has("momentum") ? Float(try settings.number("momentum")) : 0, nesterov: false)
        case "adam": return .adam()
        case "adamw": return .adamW()
        case let name: throw CaseFault.unsupported("the optimiser `\(name.printable)`")
        }
    }
}
