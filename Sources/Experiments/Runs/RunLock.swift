internal import Foundation

/// Keeps a second process from writing into a run's folder; given back when the value goes, or the process ends in
/// whatever way. The file `lock` stays: removing it would let two processes lock two files of that name.
package final class RunLock {
    /// Of fcntl.h: locks that belong to the open file, not to the process, and that can be asked for without being taken.
    private static let (ask, set): (Int32, Int32) = (36, 37)

    private let descriptor: Int32

    /// - Throws: ``ExperimentError`` that names the process which has the folder, or says why it cannot be written.
    package init(_ folder: RunFolder) throws {
        let path = folder.path + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw ExperimentError(
                .input, "\(path) cannot be written: \(String(cString: strerror(errno)))",
                help: ["whoever changes a run must be able to write into its folder"])
        }
        var whole = Self.whole
        // A file system that has no locks is no reason not to train on it.
        if fcntl(descriptor, Self.set, &whole) != 0, errno == EAGAIN || errno == EACCES {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw ExperimentError(
                .state, "\(holder.map { "process \($0)" } ?? "another process") is at work on \(folder.path)",
                help: ["wait until it has ended, or ask it to stop at the next step" + (holder.map { ": kill -INT \($0.prefix { $0 != " " })" } ?? "")])
        }
        // A full disk leaves the file empty: the lock holds, and its holder has no name.
        let text = Array("\(getpid()) on \(ProcessInfo.processInfo.hostName)\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Whether some process is at work on a run.
    package static func isHeld(_ folder: RunFolder) -> Bool {
        let descriptor = open(folder.path + "/lock", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var whole = whole
        return fcntl(descriptor, ask, &whole) == 0 && whole.l_type != Int16(F_UNLCK)
    }

    /// A lock of the whole file for one writer.
    private static var whole: flock {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        return request
    }

    /// `1234 on host`.
    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let pid = text.split(separator: " ").first, Int32(pid) != nil else { return nil }
        return text
    }
}
