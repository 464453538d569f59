internal import Glibc

/// A small file that several processes change, held alone until ``unlock()``.
struct LockedFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String, flags: Int32) throws {
        self.path = path
        while true {
            let descriptor = open(path, flags | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileFailure("cannot open", path) }
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else {
                    let failure = FileFailure("cannot lock", path)
                    close(descriptor)
                    throw failure
                }
            }
            // Another process may have put a new file in the place of the one just locked.
            var held = stat(), named = stat()
            if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino, held.st_dev == named.st_dev {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    func unlock() {
        close(descriptor)
    }

    func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw FileFailure("cannot read", path)
            }
        }
    }

    /// One write, so that a process that is killed leaves all of it or nothing.
    func write(_ bytes: [UInt8]) throws {
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw FileFailure("cannot write", path) }
    }

    /// Puts a new file in this one's place.
    func replace(with bytes: [UInt8]) throws {
        let temporary = path + ".new"
        let other = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard other >= 0 else { throw FileFailure("cannot open", temporary) }
        defer { close(other) }
        guard Glibc.write(other, bytes, bytes.count) == bytes.count, fsync(other) == 0, rename(temporary, path) == 0 else {
            let failure = FileFailure("cannot write", temporary)
            unlink(temporary)
            throw failure
        }
    }
}

/// A system call on a file failed: what, which file, why.
struct FileFailure: Error, CustomStringConvertible {
    let description: String

    /// Takes the reason from `errno`.
    init(_ what: String, _ path: String) {
        description = "\(what) \(path): \(String(cString: strerror(errno)))"
    }
}
