internal import Foundation
package import ImageData
internal import TensorFiles

/// Hashes of pictures that were read before, so that a training on 60,000 files need not read them all to say which they are.
///
/// An entry is found by a SHA-256 over path, size, inode, time of change and time of the inode's change of every file, in
/// order, with names and labels: whatever replaces or rewrites a file, even with its old time, makes another key. Nothing is
/// kept of files that were changed in the seconds before they were read, since a second change might bear the same time, nor
/// of files that changed meanwhile. Without a folder to keep it in, the pictures are read each time.
package struct ContentHashCache: Sendable {
    private let folder: String?

    static let shared = ContentHashCache(folder: CacheFolder.path("content-hashes"))

    package init(folder: String?) { self.folder = folder }

    /// Seconds that a file must have been left alone for.
    private static let settled = 2

    /// The hash that `compute` gives for these pictures.
    /// - Parameters:
    ///   - items: in the order in which they are hashed.
    ///   - form: of the hash: equal items of another form have another one.
    package func hash(of items: [DatasetItem], form: String, compute: () throws -> String) throws -> String {
        guard let folder, !items.isEmpty, let key = try Self.key(items, form: form) else { return try compute() }
        let path = folder + "/" + key.digest
        if let known = Self.entry(path) { return known }
        let hash = try compute()
        if key.newest + Self.settled < key.asked, try Self.key(items, form: form)?.digest == key.digest {
            // No entry is no harm: a full disk or a home without rights costs time alone.
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try? AtomicFile.write(Array((hash + "\n").utf8), to: path)
        }
        return hash
    }

    /// 16 hexadecimal digits and the end of the line; nil for what is not whole.
    private static func entry(_ path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count == 17, bytes.last == UInt8(ascii: "\n") else { return nil }
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        return text.allSatisfy { $0.isHexDigit && !$0.isUppercase } ? text : nil
    }

    /// Nil where a picture is no file of its own, or is not there: then it is for the reader to say so.
    private static func key(_ items: [DatasetItem], form: String) throws -> (digest: String, newest: Int, asked: Int)? {
        var text = form + "\n"
        var newest = 0
        for item in items {
            guard case .file(let path) = item.source else { return nil }
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            newest = max(newest, status.st_mtim.tv_sec, status.st_ctim.tv_sec)
            // Names and paths may hold anything but this byte.
            text += "\(item.name)\u{0}\(item.label)\u{0}\(path)\u{0}\(status.st_dev) \(status.st_ino) \(status.st_size) "
            text += "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)\n"
        }
        return (try SHA256.hash(bytes: Array(text.utf8)), newest, Int(Date().timeIntervalSince1970))
    }
}
