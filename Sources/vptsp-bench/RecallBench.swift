import ArgumentParser
import Foundation
import MetricLearning
import RandomStreams
import TensorEngine

/// Retrieval figures of clustered random embeddings.
struct RecallBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "recall", abstract: "Time of R@K and MAP@R, every item a query against all others.")

    @Option(help: "items; the default is the test half of Stanford Online Products") var items = 60_502
    @Option(help: "classes") var classes = 11_316
    @Option(help: "width of an embedding") var dim = 384
    @Option(help: "largest K of R@K") var depth = 10
    @Option(help: "worker threads") var threads = 2
    @Option(help: "timed runs, after one that is not") var runs = 3
    @Option(help: "write the embeddings as items x dim little-endian f32 to this file, and the labels as int64 to FILE.labels, for another program") var save: String?

    struct Line: Encodable {
        let bench = "recall"
        let items, classes, dim, threads: Int
        let seconds: Timing
        let queriesPerSecond, gflopPerSecond, productGflopPerSecond, shareOfProducts: Double
        let recallAt1, meanAveragePrecisionAtR: Double
        let depth, peakMib: Int
    }

    func validate() throws {
        guard 4...10_000_000 ~= items, 2...items / 2 ~= classes, 1...100_000 ~= dim, 1...items ~= depth, 1...1024 ~= threads, 1...1000 ~= runs else {
            throw ValidationError("--items, --classes, --dim, --depth, --threads or --runs is out of range; a class needs two items")
        }
    }

    func run() throws {
        let engine = try Engine(threads: threads)
        let labels = (0..<items).map { $0 % classes }
        let embeddings = clustered(labels)
        if let save { try write(embeddings, labels, to: save) }
        var found: RetrievalMetrics?
        let timing = try Timing.of(runs: runs) {
            found = try RetrievalMetrics(embeddings: embeddings, labels: labels, ks: [1, depth], engine: engine)
        }
        guard let found else { return }
        let peak = ProcessUsage.peakMib
        // Of each pair once: similarity is symmetric.
        let operations = Double(items) * Double(items) * Double(dim)
        let rate = try engine.productRate(rows: 3_152, inputs: 384, outputs: 1_536, seconds: 0.2)
        try printLine(
            Line(
                items: items, classes: classes, dim: dim, threads: threads, seconds: timing, queriesPerSecond: Double(items) / timing.median,
                gflopPerSecond: operations / timing.median / 1e9, productGflopPerSecond: rate / 1e9, shareOfProducts: operations / timing.median / rate,
                recallAt1: found.recall[1] ?? 0, meanAveragePrecisionAtR: found.meanAveragePrecisionAtR, depth: found.depth, peakMib: peak))
    }

    /// Class centres with more noise than that, so that neither everything nor nothing is found.
    private func clustered(_ labels: [Int]) -> Tensor {
        var random = RandomStream(seed: 0, purpose: .testing)
        let centers = (0..<classes * dim).map { _ in Float(random.uniform(in: -1...1)) }
        let result = Tensor(uninitialized: [items, dim])
        for (row, label) in labels.enumerated() {
            for column in 0..<dim { result.pointer[row * dim + column] = centers[label * dim + column] + Float(random.uniform(in: -2.5...2.5)) }
        }
        return result
    }

    private func write(_ embeddings: Tensor, _ labels: [Int], to path: String) throws {
        try Data(bytes: embeddings.pointer, count: embeddings.count * 4).write(to: URL(fileURLWithPath: path))
        try labels.map { Int64($0).littleEndian }.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path + ".labels")) }
    }
}
