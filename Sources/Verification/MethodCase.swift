import MetricLearning
import TensorEngine
import TensorFiles
import VisionTransformers

/// A case of kind `method`: a small network trained for a few steps from given tensors on given batches.
struct MethodCase {
    private let settings: CaseSettings
    private let vit: ViTConfiguration
    private let configuration: ModelConfiguration
    private let loss: ProxyAnchorLoss
    private let rule: OptimizerRule
    private let rate, proxyRate, weightDecay: Double

    init(_ settings: CaseSettings) throws {
        self.settings = settings
        let name = try settings.text("method")
        guard let method = Method(rawValue: name), method != .lora else { throw CaseFault.unsupported("the method `\(name.printable)`") }
        try settings.allow([
            "method", "vit", "classes", "dim", "per_class", "batch", "prompts", "class_prompts", "alpha", "loss", "optim", "momentum", "lr",
            "proxy_lr", "weight_decay", "bitfit", "keep", "norm", "adapter",
        ])
        vit = try Self.transformer(settings)
        configuration = try Self.configuration(method, settings, depth: vit.depth)
        loss = try Self.loss(settings)
        rule = try Self.rule(settings)
        rate = try settings.number("lr")
        proxyRate = try settings.number("proxy_lr")
        weightDecay = try settings.number("weight_decay")
    }

    func run(_ engine: Engine) throws -> Comparison {
        let file = try settings.tensors()
        try checkSizes(file)
        let model = try MetricModel(configuration, backbone: VisionTransformer(configuration: vit), loss: loss, seed: 0)
        try model.restore(Dictionary(uniqueKeysWithValues: try file.names(after: "init.").map { ($0, try file.tensor("init." + $0)) }))
        let groups = model.parameterGroups(rate: rate, proxyRate: proxyRate, weightDecay: weightDecay)
        let optimizer = try Optimizer(rule, groups: groups, engine: engine)
        var comparison = Comparison()
        var noise = AdaptiveNoise(rule)
        let steps = file.names(after: "images.").compactMap(Int.init).sorted()
        guard steps == Array(steps.indices), !steps.isEmpty else { throw CaseFault.malformed("the batches `images.0`, `images.1`, … are not without a gap") }
        for number in steps {
            optimizer.clearGradients()
            let (images, labels) = try batch(number, file)
            let step = try model.step(images: images, labels: labels, engine: engine)
            try comparison.values(step.embeddings.array(), file.array("embeddings.\(number)").values, "embeddings.\(number)")
            try comparison.values([step.loss], file.array("loss.\(number)").values, "loss.\(number)")
            if let proxies = step.classProxies, let container = model.buffers.first?.value {
                try comparison.values(proxies.array(), file.array("class_proxies.\(number)").values, "class_proxies.\(number)")
                try comparison.values(container.array(), file.array("container.\(number)").values, "container.\(number)")
            }
            if number == 0 { try compareGradients(model, file, &comparison) }
            noise.add(groups)
            try optimizer.step()
        }
        for parameter in try matched(model, file, "final.") {
            let name = "final." + parameter.name
            try comparison.values(parameter.value.array(), file.array(name).values, name, noise: noise[parameter.name])
        }
        if file.entry("eval.embeddings") != nil {
            let embeddings = try model.embed(images: file.tensor("images.0"), engine: engine)
            try comparison.values(embeddings.array(), file.array("eval.embeddings").values, "eval.embeddings")
        }
        return comparison
    }

    /// Images and labels of a step, of the settings' sizes.
    private func batch(_ number: Int, _ file: SafeTensorsFile) throws -> (Tensor, [Int]) {
        let (size, perClass) = (try settings.integer("batch"), try settings.integer("per_class"))
        try file.require("images.\(number)", [size, 3, vit.image, vit.image])
        let labels = try file.labels("labels.\(number)", count: size)
        guard perClass >= 1, labels.indices.allSatisfy({ labels[$0] == labels[$0 / perClass * perClass] }) else {
            throw CaseFault.malformed("tensor `labels.\(number)` does not hold runs of \(perClass) equal labels")
        }
        return (try file.tensor("images.\(number)"), labels)
    }

    private func compareGradients(_ model: MetricModel, _ file: SafeTensorsFile, _ comparison: inout Comparison) throws {
        let trainable = try matched(model, file, "grad.")
        for parameter in trainable {
            let name = "grad." + parameter.name
            // No gradient means that the loss does not depend on it.
            let gradient = parameter.gradient?.array() ?? Array(repeating: 0, count: parameter.value.count)
            try comparison.gradient(gradient, file.array(name).values, name)
        }
    }

    /// The parameters that learn, which must be those that the file has under `prefix`.
    private func matched(_ model: MetricModel, _ file: SafeTensorsFile, _ prefix: String) throws -> [Parameter] {
        let trainable = model.trainableParameters
        let difference = Set(trainable.map(\.name)).symmetricDifference(file.names(after: prefix)).sorted()
        guard difference.isEmpty else {
            let names = difference.prefix(3).map { "`\(prefix)\($0.printable)`" }.joined(separator: ", ")
            throw CaseFault.malformed("\(names)\(difference.count > 3 ? " and others" : ""): learns here and not in the file, or the other way round")
        }
        for parameter in trainable { try file.require(prefix + parameter.name, parameter.value.shape) }
        return trainable
    }

    /// Sizes in the settings are believed only as far as the file has tensors of these sizes: nothing larger is made.
    private func checkSizes(_ file: SafeTensorsFile) throws {
        let (classes, dim) = (configuration.classes, configuration.head.dim)
        for (name, shape) in vit.tensorShapes { try file.require("init.backbone." + name, shape) }
        try file.require("init.head.linear.weight", [dim, vit.dim])
        try file.require("init.proxies", [classes, dim])
        if case .gru? = configuration.semantic?.integration { try file.require("init.proxy.gru.wz", [dim, dim]) }
        if let adapters = configuration.adapters {
            guard 1...vit.depth ~= adapters.layers else { throw CaseFault.malformed("\(adapters.layers) blocks with adapters of \(vit.depth)") }
            try file.require("init.adapters.\(vit.depth - 1).down.weight", [adapters.dim, vit.dim])
        }
        try checkPrompts(configuration.prompts, groups: 1, "init.prompts", file)
        try checkPrompts(configuration.semantic?.classPrompts, groups: classes, "init.proxy.prompts", file)
    }

    private func checkPrompts(_ prompts: PromptConfiguration?, groups: Int, _ prefix: String, _ file: SafeTensorsFile) throws {
        guard let prompts else { return }
        guard prompts.layers <= vit.depth else { throw CaseFault.malformed("\(prompts.layers) layers of prompts for \(vit.depth) blocks") }
        for (layer, count) in prompts.counts.enumerated() { try file.require("\(prefix).\(layer)", [groups, count, vit.dim]) }
    }
}
