import ArgumentParser
import Foundation
import MetricLearning
import RandomStreams
import TensorEngine
import VisionTransformers

/// One training step and one evaluation pass on random images and weights: the median of several, and the memory they took.
struct StepBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step", abstract: "Time and memory of a training step and an evaluation pass, random weights and images.")

    @Option(help: "linear, bitfit, adapter, lora, vpt, vptsp-m, vptsp-g or full") var method = "vptsp-g"
    @Option(help: "vit-s16, vit-b16 or vit-nano") var vit = "vit-s16"
    @Option(help: "images a batch") var batch = 32
    @Option(help: "images of each class in a batch") var perClass = 2
    @Option(help: "training classes") var classes = 100
    @Option(help: "width of an embedding") var dim = 384
    @Option(help: "worker threads") var threads = 2
    @Option(help: "timed steps, after one that is not") var steps = 5
    @Option(help: "layers,prompts a layer") var prompts = "12,10"
    @Option(help: "layers,prompts a class and layer") var classPrompts = "12,3"
    @Option(help: "images at a time, each batch in two passes (memory=low); without it the batch at once") var microBatch: Int?
    @Flag(help: "train every bias of the backbone too") var bitfit = false

    private struct Line: Encodable {
        let method, vit, kernel: String
        let batch, threads: Int
        let microBatch: Int?
        // Of all threads together: what a busy machine changes least.
        let stepCpuSeconds: Double
        let stepSeconds, stepSecondsLeast, stepSecondsMost, trainImagesPerSecond, evalSeconds, evalImagesPerSecond: Double
        let tensorPeakMib, peakMib: Int
    }

    private static let networks: [String: ViTConfiguration] = ["vit-s16": .small16, "vit-b16": .base16, "vit-nano": .nano]

    private func pair(_ text: String, _ option: String) throws -> PromptConfiguration {
        let parts = text.split(separator: ",").compactMap { Int($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] > 0 else { throw ValidationError("--\(option) is \(text); expected two numbers such as 12,10") }
        return PromptConfiguration(layers: parts[0], count: parts[1])
    }

    func run() throws {
        guard let method = Method(rawValue: method) else { throw ValidationError("--method \(method) is not one of \(Method.allCases.map(\.rawValue))") }
        guard let network = Self.networks[vit] else { throw ValidationError("--vit \(vit) is not one of \(Self.networks.keys.sorted())") }
        guard batch > 0, perClass > 0, batch % perClass == 0, batch / perClass <= classes, steps > 0, (1...batch).contains(microBatch ?? batch) else {
            throw ValidationError("a batch of \(batch) with \(perClass) a class does not fit \(classes) classes and \(steps) steps")
        }
        let engine = try Engine(threads: threads)
        var configuration = method.configuration(
            classes: classes, depth: network.depth, bitfit: bitfit, head: HeadConfiguration(dim: dim))
        if configuration.prompts != nil { configuration.prompts = try pair(prompts, "prompts") }
        if configuration.semantic != nil { configuration.semantic?.classPrompts = try pair(classPrompts, "class-prompts") }
        let model = try MetricModel(configuration, backbone: VisionTransformer(configuration: network), seed: 0)
        let groups = model.parameterGroups(rate: 0.005, proxyRate: 0.005)
        let optimizer = try Optimizer(.sgd(momentum: 0.9, nesterov: false), groups: groups, engine: engine)

        var random = RandomStream(seed: 0, purpose: .testing)
        // A micro-batch is fed again and again: what a step holds must not grow with the batch.
        let images = Tensor(uninitialized: [microBatch ?? batch, 3, network.image, network.image])
        for i in 0..<images.count { images.pointer[i] = Float(random.uniform(in: -1...1)) }
        let clock = ContinuousClock()
        func seconds(_ work: () throws -> Void) rethrows -> Double {
            let time = try clock.measure(work).components
            return Double(time.seconds) + Double(time.attoseconds) * 1e-18
        }
        func processorSeconds() -> Double {
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
        }
        var times: [Double] = []
        var processor: [Double] = []
        for _ in 0...steps {
            let labels = random.permutation(classes).prefix(batch / perClass).flatMap { Array(repeating: $0, count: perClass) }
            let before = processorSeconds()
            defer { processor.append(processorSeconds() - before) }
            times.append(
                try seconds {
                    optimizer.clearGradients()
                    if let microBatch {
                        _ = try model.step(labels: labels, microBatch: microBatch, engine: engine) { try images.rows(0..<$0.count) }
                    } else {
                        _ = try model.step(images: images, labels: labels, engine: engine)
                    }
                    try optimizer.step()
                })
        }
        let tensorPeak = StoragePool.shared.peakBytes
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let steady = times.dropFirst().sorted()
        let passes = try (0..<4).map { _ in try seconds { _ = try model.embed(images: images, engine: engine) } }.dropFirst().sorted()
        let (step, pass) = (steady[steady.count / 2], passes[passes.count / 2])
        let line = Line(
            method: method.rawValue, vit: vit, kernel: engine.blasKernel, batch: batch, threads: threads, microBatch: microBatch,
            stepCpuSeconds: processor.dropFirst().sorted()[(processor.count - 1) / 2], stepSeconds: step,
            stepSecondsLeast: steady.first ?? step, stepSecondsMost: steady.last ?? step, trainImagesPerSecond: Double(batch) / step, evalSeconds: pass,
            evalImagesPerSecond: Double(images.shape[0]) / pass, tensorPeakMib: tensorPeak >> 20, peakMib: usage.ru_maxrss >> 10)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
}
