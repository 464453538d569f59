internal import Glibc

/// A script of what went well in a session, written as the session goes: run again, it does the same.
public struct Transcript {
    private let descriptor: Int32

    /// Creates the file, or empties it.
    public init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileFailure("cannot write the transcript", path) }
    }

    func add(_ statement: String) {
        let bytes = Array((statement.hasSuffix("\n") ? statement : statement + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
