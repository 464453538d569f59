internal import CTransfer
internal import Glibc

/// A sparse file of places with fixed offsets, read and written where it stands.
///
/// Everything goes through `pread` and `pwrite`: what a memory map would answer with a bus error (a full disk, a file that
/// another program shortens) is an error with words here. The system's page cache holds what was touched, not the process.
package final class RecordFile: Sendable {
    package let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) { (self.path, self.descriptor) = (path, descriptor) }

    deinit { close(descriptor) }

    /// A new file of `size` bytes, none of which take room on the disk before they are written.
    /// - Throws: ``TensorFileError`` when there is such a file, or it cannot be made; then none is left behind.
    package static func create(path: String, size: Int) throws -> RecordFile {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw TensorFileError(file: path, "cannot be made: \(systemMessage())") }
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            let code = errno
            close(descriptor)
            unlink(path)
            let reason = code == EFBIG ? "a file of \(size) bytes is more than this file system or the shell's limit (ulimit -f) allows" : WriteFailure(code: code).message
            throw TensorFileError(file: path, "cannot be made: \(reason)")
        }
        return RecordFile(path: path, descriptor: descriptor)
    }

    /// An empty file without a name, of which nothing is left when the process ends, however it does.
    /// - Parameter folder: where its bytes lie; errors name it
    package static func unnamed(in folder: String) throws -> RecordFile {
        let descriptor = ct_unnamed(folder)
        guard descriptor >= 0 else { throw TensorFileError(file: folder, "no temporary file can be made in it: \(systemMessage())") }
        return RecordFile(path: folder, descriptor: descriptor)
    }

    /// - Parameter writable: without it the file is only read, and `write` throws.
    package init(path: String, writable: Bool) throws {
        let descriptor = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw TensorFileError(file: path, "cannot be opened: \(systemMessage())") }
        self.path = path
        self.descriptor = descriptor
    }

    /// Bytes, those without room on the disk counted in.
    package func size() throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw TensorFileError(file: path, "cannot be examined: \(systemMessage())") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TensorFileError(file: path, "is not a regular file") }
        return Int(status.st_size)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        try fill(buffer, from: descriptor, at: offset) { why in
            TensorFileError(file: path, why ?? "ends before byte \(offset + buffer.count): it was cut short")
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let wrote = pwrite(descriptor, base + done, min(bytes.count - done, 1 << 30), off_t(offset + done))
            if wrote < 0, errno == EINTR { continue }
            guard wrote >= 0 else {
                let reason = errno == EFBIG ? "the file is as large as the shell's limit (ulimit -f) or the file system allows" : WriteFailure(code: errno).message
                throw TensorFileError(file: path, "cannot be written: \(reason)")
            }
            done += wrote
        }
    }

    /// Waits until all that was written is on the disk.
    package func sync() throws {
        guard fsync(descriptor) == 0 else { throw TensorFileError(file: path, "cannot be written: \(WriteFailure(code: errno).message)") }
    }

    /// Gives the room of a range back to the disk; it reads as zeros then. File systems that cannot do this keep it.
    package func release(_ range: Range<Int>) {
        _ = ct_release(descriptor, Int64(range.lowerBound), Int64(range.count))
    }

    /// Bytes that a folder's disk still takes from this user; nil where the system does not say.
    package static func room(in folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    /// CRC-32 of bytes, for a checksum beside them.
    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.baseAddress else { return 0 }
        return ct_crc32(base.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
}
