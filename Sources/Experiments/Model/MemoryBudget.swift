internal import Foundation

/// The memory this process may use, and the refusal of what cannot fit, with the arithmetic, before any work.
struct MemoryBudget {
    /// Bytes.
    let available: Double

    /// The machine's memory, or the control group's limit where that is less (containers, Slurm).
    static var machine: MemoryBudget {
        var bytes = Double(ProcessInfo.processInfo.physicalMemory)
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
            if let limit = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) { bytes = min(bytes, limit) }
        }
        return MemoryBudget(available: bytes)
    }

    /// - Parameters:
    ///   - bytes: what the work needs, a lower bound
    ///   - work: what needs it, for the message: `the weights of this network (3.3 T numbers of 4 bytes)`
    /// - Throws: ``ExperimentError`` of kind `specification` when that is more than there is.
    func check(_ bytes: Double, for work: String, help: String) throws {
        guard bytes > available else { return }
        throw ExperimentError(
            .specification, "\(work) takes about \(Self.size(bytes)), more than the \(Self.size(available)) of memory here", help: [help])
    }

    static func size(_ bytes: Double) -> String {
        let units = ["MiB", "GiB", "TiB", "PiB"]
        var (value, unit) = (bytes / 1_048_576, 0)
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return String(format: value < 10 ? "%.1f " : "%.0f ", value) + units[unit]
    }
}
