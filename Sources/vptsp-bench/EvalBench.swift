import ArgumentParser
import MetricLearning
import TensorEngine

/// Embedding random images with random weights, as an evaluation does.
struct EvalBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "eval", abstract: "Time and memory of embedding a batch, random weights and images.")

    @OptionGroup var options: ModelOptions
    @Option(help: "timed batches, after one that is not") var batches = 5
    @Option(help: "a word of the caller's that comes back in the line") var tag: String?

    struct Line: Encodable {
        let bench = "eval"
        let tag: String?
        let model: ModelDescription
        let kernel: String
        let seconds: Timing
        let imagesPerSecond, gflop, gflopPerSecond, productGflopPerSecond, shareOfProducts: Double
        let peakMib: Int
    }

    func validate() throws {
        guard 1...10_000 ~= batches else { throw ValidationError("--batches \(batches); expected 1 to 10000") }
    }

    func run() throws {
        let engine = try options.engine()
        let model = try options.model()
        let images = options.images()
        let timing = try Timing.of(runs: batches) { _ = try model.embed(images: images, engine: engine) }
        let peak = ProcessUsage.peakMib
        let rate = try options.productRate(engine)
        let operations = CountedProducts(network: options.network, configuration: model.configuration).evaluation(images: options.batch)
        try printLine(
            Line(
                tag: tag, model: options.description, kernel: engine.productIdentity, seconds: timing, imagesPerSecond: Double(options.batch) / timing.median,
                gflop: operations / 1e9, gflopPerSecond: operations / timing.median / 1e9, productGflopPerSecond: rate / 1e9,
                shareOfProducts: operations / timing.median / rate, peakMib: peak))
    }
}
