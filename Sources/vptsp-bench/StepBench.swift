import ArgumentParser
import MetricLearning
import RandomStreams
import TensorEngine
import VisionTransformers

/// Training steps, ready to be run again and again.
struct StepRunner {
    let model: MetricModel
    let engine: Engine
    private let options: ModelOptions
    private let microBatch: Int?
    private let inputs: BlockInputFile?
    private let optimizer: Optimizer
    private let images: Tensor
    private var random = RandomStream(seed: 0, purpose: .testing)

    /// - Parameters:
    ///   - microBatch: images at a time; nil for the batch at once
    ///   - keepsActivations: of all micro-batches
    init(_ options: ModelOptions, microBatch: Int?, keepsActivations: Bool = false) throws {
        (self.options, self.microBatch) = (options, microBatch)
        inputs = microBatch == nil || keepsActivations ? nil : try BlockInputFile(folder: "/var/tmp")
        engine = try options.engine()
        model = try options.model()
        optimizer = try Optimizer(.sgd(momentum: 0.9, nesterov: false), groups: model.parameterGroups(rate: 0.005, proxyRate: 0.005), engine: engine)
        // A micro-batch is fed again and again: what a step holds must not grow with the batch.
        images = options.images(microBatch ?? options.batch)
    }

    mutating func step() throws {
        let labels = random.permutation(options.classes).prefix(options.batch / options.perClass).flatMap {
            Array(repeating: $0, count: options.perClass)
        }
        optimizer.clearGradients()
        if let microBatch {
            _ = try model.step(labels: labels, microBatch: microBatch, inputs: inputs, engine: engine) { try images.rows(0..<$0.count) }
        } else {
            _ = try model.step(images: images, labels: labels, engine: engine)
        }
        try optimizer.step()
    }

    /// Bytes that lie in a file between the two passes over a batch.
    var putAside: Int? { inputs?.size }

    /// Multiplications and additions in the products of one step; nil where they are not counted.
    var operations: Double? {
        CountedProducts(network: options.network, configuration: model.configuration).step(
            images: options.batch, classes: options.batch / options.perClass, isFrugal: inputs != nil)
    }
}

/// Training steps on random images and weights.
struct StepBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "step", abstract: "Time and memory of a training step, random weights and images.")

    @OptionGroup var options: ModelOptions
    @Option(help: "timed steps, after one that is not") var steps = 5
    @Option(help: "a word of the caller's that comes back in the line") var tag: String?
    @Option(help: "images at a time, what enters the blocks in a file in /var/tmp (memory=low); without it the batch at once") var microBatch: Int?
    @Flag(help: "keep the activations of all micro-batches: what `train` does without memory=low, with micro-batches of 16") var keepActivations = false
    @Option(help: "by turns with steps in micro-batches of so many whose activations are kept, in this process, once the peak has been read")
    var besideKept: Int?

    struct Line: Encodable {
        let bench = "step"
        let tag: String?
        let model: ModelDescription
        let kernel: String
        let microBatch: Int?
        let seconds: Timing
        // Of all threads together: what a busy machine changes least.
        let processorSeconds: Double
        let imagesPerSecond: Double
        /// 1e9 operations of a step, a second, of the machine's products a second.
        let gflop, gflopPerSecond: Double?
        /// What the last step computed in its products; as many as `gflop` when nothing is wasted.
        let gflopComputed: Double
        let productGflopPerSecond: Double
        let shareOfProducts: Double?
        let tensorPeakMib, peakMib: Int
        /// What enters the blocks, in a file, with `--micro-batch` and without `--keep-activations`.
        let putAsideMib: Int?
        let besideKept: Beside?
    }

    /// The same steps by turns with others.
    struct Beside: Encodable {
        /// Of the others.
        let microBatch: Int
        let seconds, otherSeconds: Timing
        /// How many times as long a step took as the other next to it, the median.
        let timesAsLong: Double
    }

    func validate() throws {
        guard 1...10_000 ~= steps else { throw ValidationError("--steps \(steps); expected 1 to 10000") }
        guard (1...options.batch).contains(microBatch ?? 1) else { throw ValidationError("--micro-batch must be 1 to the batch of \(options.batch)") }
        guard (1...options.batch).contains(besideKept ?? 1) else { throw ValidationError("--beside-kept must be 1 to the batch of \(options.batch)") }
    }

    func run() throws {
        var runner = try StepRunner(options, microBatch: microBatch, keepsActivations: keepActivations)
        var processor: [Double] = []
        var computed = 0
        let timing = try Timing.of(runs: steps) {
            let before = ProcessUsage.processorSeconds
            let operations = ProductCount.operations
            try runner.step()
            computed = ProductCount.operations - operations
            processor.append(ProcessUsage.processorSeconds - before)
        }
        let (tensorPeak, peak) = (StoragePool.shared.peakBytes >> 20, ProcessUsage.peakMib)
        let beside = try besideKept.map { try Self.turns(runner, try StepRunner(options, microBatch: $0, keepsActivations: true), others: $0, count: steps) }
        let rate = try options.productRate(runner.engine)
        let operations = runner.operations
        try printLine(
            Line(
                tag: tag, model: options.description, kernel: runner.engine.productIdentity, microBatch: microBatch, seconds: timing,
                processorSeconds: Timing(Array(processor.dropFirst())).median, imagesPerSecond: Double(options.batch) / timing.median,
                gflop: operations.map { $0 / 1e9 }, gflopPerSecond: operations.map { $0 / timing.median / 1e9 },
                gflopComputed: Double(computed) / 1e9, productGflopPerSecond: rate / 1e9,
                shareOfProducts: operations.map { $0 / timing.median / rate }, tensorPeakMib: tensorPeak, peakMib: peak, putAsideMib: runner.putAside.map { $0 >> 20 },
                besideKept: beside))
    }

    private static func turns(_ one: StepRunner, _ other: StepRunner, others: Int, count: Int) throws -> Beside {
        var (one, other) = (one, other)
        try other.step()
        let pairs = try (0..<count).map { _ in (try Timing.seconds { try one.step() }, try Timing.seconds { try other.step() }) }
        return Beside(
            microBatch: others, seconds: Timing(pairs.map(\.0)), otherSeconds: Timing(pairs.map(\.1)),
            timesAsLong: Timing(pairs.map { $0.0 / max($0.1, .leastNonzeroMagnitude) }).median)
    }
}
