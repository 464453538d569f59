import Foundation

/// Seconds that repetitions of one thing took.
struct Timing: Encodable {
    let median, least, most: Double
    let runs: Int

    /// - Parameter seconds: one value or more
    init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        median = sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        (least, most, runs) = (sorted.first ?? 0, sorted.last ?? 0, sorted.count)
    }

    /// Runs `work` once unmeasured, then `runs` times.
    static func of(runs: Int, _ work: () throws -> Void) rethrows -> Timing {
        try work()
        return Timing(try (0..<max(runs, 1)).map { _ in try Self.seconds(work) })
    }

    /// Runs `work` for about `seconds`, at least three times, after once unmeasured.
    static func of(seconds: Double, _ work: () throws -> Void) rethrows -> Timing {
        try work()
        var taken: [Double] = []
        while taken.count < 3 || (taken.reduce(0, +) < seconds && taken.count < 10_000) { taken.append(try Self.seconds(work)) }
        return Timing(taken)
    }

    static func seconds(_ work: () throws -> Void) rethrows -> Double { try ContinuousClock().measure(work) / .seconds(1) }
}

/// What this process has used so far.
enum ProcessUsage {
    /// Of all threads together: what a busy machine changes least.
    static var processorSeconds: Double {
        let usage = usage
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }

    /// Most memory resident at once.
    static var peakMib: Int { usage.ru_maxrss >> 10 }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }
}

/// Prints one line of JSON, keys in snake case.
func printLine(_ line: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
}
