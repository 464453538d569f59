internal import Glibc

/// Files that appear whole or not at all.
public enum AtomicFile {
    /// Puts `bytes` at `path`: written under a temporary name in the same folder, synced, renamed, the folder synced.
    /// - Throws: ``TensorFileError``; the file that was there before is then untouched and the temporary one is gone.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { try $0.append(bytes) }
    }

    /// As ``write(_:to:)``, the bytes given piece by piece.
    public static func write(to path: String, _ body: (inout Writer) throws -> Void) throws {
        var writer = try Writer(target: path)
        do {
            try body(&writer)
            try writer.finish()
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// The file while it is being written.
    public struct Writer {
        private let target: String
        private let temporary: String
        private var descriptor: Int32

        init(target: String) throws {
            self.target = target
            let (folder, name) = split(target)
            guard !name.isEmpty, name != ".", name != ".." else { throw TensorFileError(file: target, "is not the name of a file to write") }
            // The name is cut so that the temporary one is no longer than a file system allows.
            temporary = "\(folder)/.\(name.prefix(40)).\(getpid())-\(UInt64.random(in: 0...UInt64.max)).tmp"
            descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw TensorFileError(file: target, "cannot be written: \(systemMessage())") }
        }

        public mutating func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append(raw: $0) } }

        /// Numbers as their little-endian bytes.
        public mutating func append(littleEndian values: [Float]) throws {
            #if _endian(little)
            try values.withUnsafeBytes { try append(raw: $0) }
            #else
            try values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { try append(raw: $0) }
            #endif
        }

        /// Numbers as their little-endian bytes.
        public mutating func append(littleEndian values: [Int64]) throws {
            #if _endian(little)
            try values.withUnsafeBytes { try append(raw: $0) }
            #else
            try values.map(\.littleEndian).withUnsafeBytes { try append(raw: $0) }
            #endif
        }

        private mutating func append(raw bytes: UnsafeRawBufferPointer) throws {
            do { try writeAll(bytes, to: descriptor) } catch let failure { throw TensorFileError(file: target, "cannot be written: \(failure.message)") }
        }

        mutating func finish() throws {
            guard fsync(descriptor) == 0 else { throw TensorFileError(file: target, "cannot be written: \(systemMessage())") }
            let closed = close(descriptor)
            descriptor = -1
            guard closed == 0, rename(temporary, target) == 0 else {
                throw TensorFileError(file: target, "cannot be written: \(systemMessage())")
            }
            syncFolder(of: target)
        }

        mutating func abandon() {
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
            unlink(temporary)
        }
    }

    /// Makes a rename in the path's folder durable. A file system that cannot sync folders keeps its own promises instead.
    package static func syncFolder(of path: String) {
        let descriptor = open(split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The path's folder (never empty) and last component.
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let name = String(path[path.index(after: slash)...])
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }
}

/// Why a write stopped.
struct WriteFailure: Error {
    let code: Int32
    var message: String { code == ENOSPC || code == EDQUOT ? "the disk is full" : systemMessage(code) }
}

/// Writes every byte, going on after interruptions and short writes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(WriteFailure) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
        let wrote = write(descriptor, base + done, min(bytes.count - done, 1 << 30))
        if wrote < 0, errno == EINTR { continue }
        guard wrote >= 0 else { throw WriteFailure(code: errno) }
        done += wrote
    }
}
