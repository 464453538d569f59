internal import Glibc

/// The bytes of a download so far, locked against a second process, with what identifies the file they came from.
final class PartialFile {
    let path: String
    private(set) var count: Int
    /// Bytes that an earlier download left and this one still builds on.
    private(set) var inherited: Int
    private let target: String
    private let url: String
    private let descriptor: Int32
    private var isFinished = false

    /// The server's name for the version of the file whose bytes these are (an ETag); kept beside the part.
    private(set) var version: String?
    private var versionPath: String { path + ".version" }

    init(target: String, url: String) throws {
        self.target = target
        self.url = url
        path = target + ".part"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        func fault(_ kind: TransferError.Kind, _ message: String) -> TransferError { TransferError(kind: kind, url: url, message: message) }
        guard descriptor >= 0 else { throw fault(.notWritten, "\(target) cannot be written: \(systemMessage())") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw fault(.busy, "another process is downloading \(target)")
        }
        var held = stat(), named = stat()
        guard fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino, held.st_dev == named.st_dev else {
            close(descriptor)  // the other process finished between our opening and our locking: the part is now the file
            throw fault(.busy, "another process has just downloaded \(target)")
        }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else {
            close(descriptor)
            throw fault(.notWritten, "\(path) cannot be written: \(systemMessage())")
        }
        count = Int(end)
        inherited = count
        if count > 0, let file = try? RandomAccessFile(path: path + ".version"), file.count <= 4096, let bytes = try? file.bytes(0..<file.count) {
            version = String(decoding: bytes, as: UTF8.self)
        }
    }

    deinit {
        if !isFinished, count == 0 {
            unlink(versionPath)
            unlink(path)
        }
        close(descriptor)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        do { try writeAll(bytes, to: descriptor) } catch let failure {
            count = max(0, Int(lseek(descriptor, 0, SEEK_CUR)))
            throw TransferError(kind: .notWritten, url: url, message: "\(path) cannot be written: \(failure.message). The \(count) bytes that arrived are kept; the next attempt goes on from there")
        }
        count += bytes.count
    }

    /// Forgets the bytes.
    func clear() throws {
        guard count > 0 else { return }
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw TransferError(kind: .notWritten, url: url, message: "\(path) cannot be emptied: \(systemMessage())")
        }
        count = 0
        inherited = 0
        version = nil
        unlink(versionPath)
    }

    /// Notes which version of the file the coming bytes belong to.
    func begin(version: String?) throws {
        self.version = version
        guard let version else { return }
        try AtomicFile.write(Array(version.utf8), to: versionPath)
    }

    func digest() throws -> String { try SHA256.hash(file: path) }

    /// Gives the file its name.
    func finish() throws {
        guard fsync(descriptor) == 0, rename(path, target) == 0 else {
            throw TransferError(kind: .notWritten, url: url, message: "\(target) cannot be written: \(systemMessage())")
        }
        isFinished = true
        unlink(versionPath)
        AtomicFile.syncFolder(of: target)
    }
}
