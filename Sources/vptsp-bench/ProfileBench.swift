import ArgumentParser
import Foundation

/// Where the time of a step goes, by sampling it with `perf`.
struct ProfileBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Shares of a training step: products, attention, norms, GELU, loss, optimiser, waiting.",
        discussion: "Needs perf (Debian: linux-perf) and leave to sample an own process. Products inside attention count as products where a library computes them.")

    @OptionGroup var options: ModelOptions
    @Option(help: "sampled steps, after one that is not") var steps = 5
    @Option(help: "images at a time, what enters the blocks in a file in /var/tmp (memory=low); without it the batch at once") var microBatch: Int?
    @Flag(help: "print the twenty functions with most samples too, on standard error") var functions = false

    struct Line: Encodable {
        let bench = "profile"
        let model: ModelDescription
        let seconds: Timing
        let samples: Int
        /// Of the time of all threads; together 1.
        let shares: [String: Double]
    }

    func validate() throws {
        guard 1...10_000 ~= steps else { throw ValidationError("--steps \(steps); expected 1 to 10000") }
        guard (1...options.batch).contains(microBatch ?? 1) else { throw ValidationError("--micro-batch must be 1 to the batch of \(options.batch)") }
    }

    func run() throws {
        var runner = try StepRunner(options, microBatch: microBatch)
        try runner.step()
        let sampler = try Sampler()
        let timing = Timing(try (0..<steps).map { _ in try Timing.seconds { try runner.step() } })
        let wall = sampler.elapsed
        let counts = try sampler.finish()
        if functions { counts.sorted { $0.value > $1.value }.prefix(20).forEach { FileHandle.standardError.write(Data("\($0.value)\t\(StepPart.of($0.key))\t\($0.key)\n".utf8)) } }
        let samples = counts.values.reduce(0, +)
        var shares: [String: Double] = [:]
        let possible = wall * Sampler.frequency * Double(options.threads)
        for (function, count) in counts { shares["\(StepPart.of(function))", default: 0] += Double(count) / max(possible, Double(samples)) }
        shares["idle", default: 0] += max(0, 1 - Double(samples) / possible)
        try printLine(Line(model: options.description, seconds: timing, samples: samples, shares: shares))
    }
}

/// What a function of the program works at.
enum StepPart: CaseIterable {
    case products, attention, norms, gelu, loss, optimizer, copies, engine, system, idle

    static func of(_ function: String) -> StepPart {
        parts.first { $0.marks.contains { function.contains($0) } }?.part ?? .engine
    }

    /// The first that fits counts; names are those of the kernels, of OpenBLAS and oneDNN, and of the modules.
    private static let parts: [(part: StepPart, marks: [String])] = [
        (.norms, ["layer_norm"]),
        (.gelu, ["gelu"]),
        (.attention, ["softmax", "row_dots", "attention", "Attention", "block_", "turned_", "_panels"]),
        (.products, ["gemm", "multiply_tiles", "multiply_digits", "dnnl", "jit_", "[JIT]", "[unknown]", "perf-", "brgemm"]),
        (.optimizer, ["vk_sgd", "vk_adam", "Optimizer"]),
        (.loss, ["MetricLearning", "ProxyAnchor", "Loss"]),
        (.copies, ["memcpy", "memmove", "memset", "vk_broadcast_row", "vk_fill", "vk_add", "copy"]),
        (.idle, ["futex", "sched", "pthread_cond", "idle"]),
        (.system, ["page", "clear_", "syscall", "entry_", "irq", "native_", "__libc", "exc_", "mem_cgroup", "alloc", "free"]),
    ]
}

/// `perf record` beside the process that starts it.
private final class Sampler {
    static let frequency = 997.0
    private let perf = Process()
    private let file = NSTemporaryDirectory() + "vptsp-bench-\(ProcessInfo.processInfo.processIdentifier).perf"
    private let began: ContinuousClock.Instant

    init() throws {
        perf.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        perf.arguments = [
            "perf", "record", "--quiet", "-e", "cpu-clock", "-F", "\(Int(Self.frequency))", "-o", file, "-p", "\(ProcessInfo.processInfo.processIdentifier)",
        ]
        perf.standardOutput = FileHandle.nullDevice
        do { try perf.run() } catch { throw ValidationError("perf cannot be started (\(error)); install it: apt-get install linux-perf") }
        // It attaches to threads one by one; what runs before that is no part of the profile.
        Thread.sleep(forTimeInterval: 0.5)
        guard perf.isRunning else { throw ValidationError("perf ended at once: it is not installed, or may not sample (kernel.perf_event_paranoid)") }
        began = .now
    }

    var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

    /// Samples by function.
    func finish() throws -> [String: Int] {
        defer { try? FileManager.default.removeItem(atPath: file) }
        perf.interrupt()
        perf.waitUntilExit()
        let report = Process()
        report.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        report.arguments = ["perf", "report", "-i", file, "--stdio", "--no-children", "-F", "sample,dso,sym", "-t", "\t", "--percent-limit", "0"]
        let output = Pipe()
        report.standardOutput = output
        report.standardError = FileHandle.nullDevice
        try report.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        report.waitUntilExit()
        var counts: [String: Int] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let columns = line.split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
            guard columns.count >= 3, let count = Int(columns[0]) else { continue }
            counts[columns[1...].joined(separator: " "), default: 0] += count
        }
        guard !counts.isEmpty else { throw ValidationError("perf recorded nothing: \(text.prefix(300))") }
        return counts
    }
}
