internal import Foundation
internal import TensorEngine

/// The largest memory that a training had in use.
public struct PeakMemory: Codable, Equatable, Sendable {
    /// Of resident pages (VmHWM of proc(5)): the program, the weights and the cached pictures are among them.
    public var bytes: Int
    /// True when it is of training steps alone; false where the system does not let the mark be set back, so that it is the largest
    /// since the program began.
    public var isOfTraining: Bool
}

/// Reads the high-water mark of resident memory around the steps of a training, and not around its evaluations.
struct PeakMemoryMeter {
    private(set) var peak: PeakMemory?
    private var isOfTraining = true

    /// - Parameter earlier: of the steps before a restore.
    init(earlier: PeakMemory?) { peak = earlier }

    /// Steps begin: gives back buffers that nothing uses, and sets the mark back to what is in use (`5` to /proc/self/clear_refs).
    mutating func begin() {
        StoragePool.shared.trim()
        let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs")
        let wasReset = (try? file?.write(contentsOf: Data("5".utf8))) != nil
        isOfTraining = wasReset && (peak?.isOfTraining ?? true)
    }

    /// Steps are over, for now.
    mutating func end() {
        guard let mark = Self.highWaterMark else { return }
        peak = PeakMemory(bytes: max(mark, peak?.bytes ?? 0), isOfTraining: isOfTraining)
    }

    /// Bytes; nil where the system does not say.
    private static var highWaterMark: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kibibytes * 1024
    }
}
