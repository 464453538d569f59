import ArgumentParser
import MetricLearning
import RandomStreams
import TensorEngine
import VisionTransformers

extension Precision: ExpressibleByArgument {}
extension ProductLibrary: ExpressibleByArgument {}

/// Which network is timed, on random weights and images.
struct ModelOptions: ParsableArguments {
    @Option(help: "linear, bitfit, adapter, lora, vpt, vptsp-m, vptsp-g or full") var method = "vptsp-g"
    @Option(help: "vit-s16, vit-b16 or vit-nano") var vit = "vit-s16"
    @Option(help: "images a batch") var batch = 32
    @Option(help: "images of each class in a batch") var perClass = 2
    @Option(help: "training classes") var classes = 100
    @Option(help: "width of an embedding") var dim = 384
    @Option(help: "worker threads") var threads = 2
    @Option(help: "of the products") var precision = Precision.f32
    @Option(help: "whose products in f32") var library = ProductLibrary.openblas
    @Option(help: "layers,prompts a layer, cut to the network's blocks; 0,0 for none") var prompts = "12,10"
    @Option(help: "layers,prompts a class and layer") var classPrompts = "12,3"
    @Flag(help: "train every bias of the backbone too") var bitfit = false

    private static let networks: [String: ViTConfiguration] = ["vit-s16": .small16, "vit-b16": .base16, "vit-nano": .nano]

    func validate() throws {
        guard Method(rawValue: method) != nil else { throw ValidationError("--method \(method) is not one of \(Method.allCases.map(\.rawValue))") }
        guard Self.networks[vit] != nil else { throw ValidationError("--vit \(vit) is not one of \(Self.networks.keys.sorted())") }
        guard 1...100_000 ~= batch, perClass > 0, batch % perClass == 0, 1...1_000_000 ~= classes, batch / perClass <= classes else {
            throw ValidationError("a batch of \(batch) with \(perClass) a class does not fit \(classes) classes")
        }
        guard 1...1024 ~= threads, 1...100_000 ~= dim else { throw ValidationError("--threads \(threads) or --dim \(dim) is out of range") }
        _ = try pair(prompts, "prompts")
        guard try pair(classPrompts, "class-prompts").count > 0 else { throw ValidationError("--class-prompts needs a prompt or more") }
    }

    private func pair(_ text: String, _ option: String) throws -> PromptConfiguration {
        let parts = text.split(separator: ",").compactMap { Int($0) }
        guard parts.count == 2, 0...1000 ~= parts[0], 0...10_000 ~= parts[1], (parts[0] == 0) == (parts[1] == 0) else {
            throw ValidationError("--\(option) is \(text); expected two numbers such as 12,10")
        }
        return PromptConfiguration(layers: min(parts[0], network.depth), count: parts[1])
    }

    var network: ViTConfiguration { Self.networks[vit] ?? .small16 }

    func configuration() throws -> ModelConfiguration {
        var result = (Method(rawValue: method) ?? .linear).configuration(
            classes: classes, depth: network.depth, bitfit: bitfit, head: HeadConfiguration(dim: dim))
        if result.prompts != nil {
            let asked = try pair(prompts, "prompts")
            result.prompts = asked.count == 0 ? nil : asked
        }
        if result.semantic != nil { result.semantic?.classPrompts = try pair(classPrompts, "class-prompts") }
        return result
    }

    func engine() throws -> Engine {
        try Engine(threads: threads, precision: precision, library: library)
    }

    /// The most operations a second that products reach here, what a step is held against: of the product that gives a
    /// block's hidden layer, over the rows of sixteen images.
    func productRate(_ engine: Engine) throws -> Double {
        try engine.productRate(rows: 16 * network.tokens, inputs: network.dim, outputs: network.hidden, seconds: 0.2)
    }

    func model() throws -> MetricModel {
        try MetricModel(configuration(), backbone: VisionTransformer(configuration: network), seed: 0)
    }

    /// Uniform in -1...1, of a batch or of `count` images.
    func images(_ count: Int? = nil) -> Tensor {
        var random = RandomStream(seed: 0, purpose: .testing)
        let images = Tensor(uninitialized: [count ?? batch, 3, network.image, network.image])
        for i in 0..<images.count { images.pointer[i] = Float(random.uniform(in: -1...1)) }
        return images
    }

    /// What a line says of the network that it is about.
    var description: ModelDescription {
        ModelDescription(
            method: method, vit: vit, batch: batch, perClass: perClass, classes: classes, dim: dim, threads: threads, precision: precision,
            library: library, prompts: prompts, classPrompts: classPrompts, bitfit: bitfit)
    }
}

struct ModelDescription: Encodable {
    let method, vit: String
    let batch, perClass, classes, dim, threads: Int
    let precision: Precision
    let library: ProductLibrary
    let prompts, classPrompts: String
    let bitfit: Bool
}
