internal import Foundation
internal import TensorFiles

/// What a run's manifest says of the program and the machine.
package enum ProgramIdentity {
    /// SHA-256 of the running executable; the hash of no bytes where the system does not show it. Read once: a process runs the
    /// program that it began with.
    package static func hash() throws -> String { try known.get() }

    private static let known = Result {
        if let hash = try? SHA256.hash(file: "/proc/self/exe") { return hash }
        return try SHA256.hash(bytes: [])
    }

    /// As /proc/cpuinfo names it: `AMD EPYC 9B14`.
    static var processor: String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
            let colon = line.firstIndex(of: ":")
        else { return "unknown" }
        return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
}
