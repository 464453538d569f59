import Foundation

/// Whole files in memory.
package enum FileBytes {
    /// No file of pictures is larger: a path that names a disk or a video is an error, not an allocation.
    private static let limit = 1 << 30

    /// The bytes of the regular file at `path`, at most the first `prefix`.
    /// - Throws: `ImageError` that names the file.
    package static func contents(path: String, prefix: Int = .max) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ImageError(name: path, reason: "not a file") }
        guard let length = Int(exactly: status.st_size), length >= 0, length <= limit else {
            throw ImageError(name: path, reason: "\(status.st_size) bytes; a picture of at most \(limit) is read")
        }
        let size = min(length, prefix)
        var problem: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let base = buffer.baseAddress {
                let got = read(descriptor, base + count, size - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { problem = errno }
                if got <= 0 { break }  // shorter than it was a moment ago: the decoder will call it truncated
                count += got
            }
        }
        if let problem { throw failure(path, problem) }
        return bytes
    }

    /// - Throws: `ImageError` when there is no file at `path`, or an empty one.
    static func checkPresence(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ImageError(name: path, reason: "not a file") }
        guard status.st_size > 0 else { throw ImageError(name: path, reason: "an empty file") }
    }

    private static func failure(_ path: String, _ code: Int32) -> ImageError {
        ImageError(name: path, reason: code == ENOENT ? "no such file" : "cannot be read: \(String(cString: strerror(code)))")
    }
}
