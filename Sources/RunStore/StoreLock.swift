internal import Foundation

/// Held while the index is used, shared; and alone while it is made anew or tags are changed. `runs/index.lock`.
final class StoreLock {
    private let descriptor: Int32

    /// Waits for whoever has it: they are quick.
    init(_ root: String, isExclusive: Bool) throws(RunIndex.Trouble) {
        let path = root + "/index.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .unusable("\(path): \(String(cString: strerror(errno)))") }
        while flock(descriptor, isExclusive ? LOCK_EX : LOCK_SH) != 0 {
            guard errno != EINTR else { continue }
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .unusable("\(path): \(reason)")
        }
    }

    deinit { close(descriptor) }
}

extension RunIndex.Trouble {
    var reason: String {
        switch self {
        case .damaged(let reason), .unusable(let reason): reason
        case .newer: "it was written by a newer version"
        }
    }
}
