internal import Glibc

/// A regular file read at any offset.
///
/// Reads go through `pread`, not a memory map: a file that another program shortens while it is open
/// then gives an error where a map would give a bus error, and tensors are copied out once either way.
package final class RandomAccessFile: Sendable {
    package let path: String
    /// Bytes, as the file stood when it was opened.
    package let count: Int
    private let descriptor: Int32

    /// - Throws: ``TensorFileError`` when the path names no readable regular file.
    package init(path: String) throws {
        // Non-blocking, so that a named pipe is refused below and not waited for here.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw TensorFileError(file: path, "cannot be opened: \(systemMessage())") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = systemMessage()
            close(descriptor)
            throw TensorFileError(file: path, "cannot be examined: \(reason)")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TensorFileError(file: path, status.st_mode & S_IFMT == S_IFDIR ? "is a folder, not a file" : "is not a regular file")
        }
        self.path = path
        self.count = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from the bytes at `offset` on.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard offset >= 0, buffer.count <= count, offset <= count - buffer.count else {
            throw TensorFileError(file: path, "ends at byte \(count); \(buffer.count) bytes from \(offset) on were asked for")
        }
        try fill(buffer, from: descriptor, at: offset) { why in TensorFileError(file: path, why ?? "became shorter while it was being read") }
    }

    /// The bytes of `range`, which is checked against the file's size before anything is allocated.
    package func bytes(_ range: Range<Int>) throws -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw TensorFileError(file: path, "ends at byte \(count); bytes \(range.lowerBound) to \(range.upperBound) were asked for")
        }
        return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            try read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]), at: range.lowerBound)
            filled = range.count
        }
    }
}

/// Reads all of `buffer` past short reads and interruptions.
/// - Parameter failure: the error for a reason of the system, or for a file that ends too soon where there is none.
func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int, failure: (String?) -> TensorFileError) throws {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + done, min(buffer.count - done, 1 << 30), off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw failure("cannot be read: \(systemMessage())") }
        guard got > 0 else { throw failure(nil) }
        done += got
    }
}

/// The C library's words for the last error.
func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
