import ArgumentParser
import Foundation
import ImageData
import RandomStreams

/// Pictures from bytes to what a network takes.
struct DecodeBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Pictures a second through the loader's parts: decoding, the evaluation crop, the training crop.",
        discussion: "The files are read once before, so that no disk is measured.")

    @Argument(help: "a folder of JPEG, PNG or WebP pictures") var folder: String
    @Option(help: "threads, each with its own pictures") var threads = 1
    @Option(help: "seconds for each figure") var seconds = 1.0

    struct Line: Encodable {
        let bench = "decode"
        let work: String
        let pictures, threads: Int
        let seconds: Timing
        let imagesPerSecond: Double
        let peakMib: Int
    }

    func validate() throws {
        guard 1...1024 ~= threads, seconds > 0, seconds <= 600 else { throw ValidationError("--threads or --seconds is out of range") }
    }

    func run() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            ["jpg", "jpeg", "png", "webp"].contains { name.lowercased().hasSuffix("." + $0) }
        }.sorted()
        guard !names.isEmpty else { throw ValidationError("\(folder) holds no pictures") }
        let files = try names.map { (name: $0, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))) }
        let pictures = try files.map { try ImageDecoder.decode($0.bytes, name: $0.name) }
        let (evaluation, training) = (ImageTransform.evaluation(), ImageTransform.training())
        try line("decode", files.count) { _ = try ImageDecoder.decode(files[$0].bytes, name: files[$0].name) }
        try line("evaluation crop", files.count) { _ = try evaluation.apply(pictures[$0], stream: nil) }
        try line("training crop", files.count) {
            _ = try training.apply(pictures[$0], stream: RandomStream(seed: 0, purpose: .augmentation, epoch: 0, item: $0))
        }
        try line("decode and evaluation crop", files.count) {
            _ = try evaluation.apply(ImageDecoder.decode(files[$0].bytes, name: files[$0].name), stream: nil)
        }
        try line("decode and training crop", files.count) {
            let picture = try ImageDecoder.decode(files[$0].bytes, name: files[$0].name)
            _ = try training.apply(picture, stream: RandomStream(seed: 0, purpose: .augmentation, epoch: 0, item: $0))
        }
    }

    private func line(_ work: String, _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let threads = self.threads
        let timing = try Timing.of(seconds: seconds) {
            guard threads > 1 else { return try (0..<count).forEach(body) }
            let failure = FirstFailure()
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                do { for picture in stride(from: thread, to: count, by: threads) { try body(picture) } } catch { failure.take(error) }
            }
            try failure.rethrow()
        }
        try printLine(
            Line(work: work, pictures: count, threads: threads, seconds: timing, imagesPerSecond: Double(count) / timing.median, peakMib: ProcessUsage.peakMib))
    }
}

private final class FirstFailure: @unchecked Sendable {
    private let lock = NSLock()
    private var error: (any Error)?

    func take(_ error: any Error) { lock.withLock { self.error = self.error ?? error } }
    func rethrow() throws { if let error = lock.withLock({ error }) { throw error } }
}
