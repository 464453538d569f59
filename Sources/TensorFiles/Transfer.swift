internal import CTransfer
internal import Glibc

/// Downloads over HTTP(S) that survive being interrupted.
public enum Transfer {
    /// How far a download is.
    public struct Progress: Hashable, Sendable {
        /// Bytes on disk, those of earlier attempts included.
        public let received: Int
        /// The file's size, when the server says it.
        public let total: Int?
    }

    /// A finished download.
    public struct Result: Hashable, Sendable {
        public let path: String
        public let sha256: String
        public let bytes: Int
        /// Whether `sha256` was compared with one that the caller or the server gave.
        public let isVerified: Bool
        /// Bytes of an earlier attempt that were not fetched again.
        public let resumedFrom: Int
    }

    private static let library: Void = ct_start()

    /// Once in a process, before anything goes over a network.
    static func startLibrary() { _ = library }

    /// Fetches `url` into the file `path`.
    ///
    /// Bytes gather in `path.part`, and the file appears under its name only when it is whole and its SHA-256 is right.
    /// An interrupted download leaves the part, and the next call asks the server for the rest (HTTP Range).
    /// - Parameters:
    ///   - sha256: 64 hexadecimal digits the file must have. Without them the digest that the Hugging Face hub sends
    ///     (`X-Linked-ETag`) is used, and without that none is compared.
    ///   - progress: called several times a second; `false` stops the transfer.
    ///   - accept: looks at the whole file under its temporary name; what it throws discards the file and is passed on.
    /// - Throws: ``TransferError``.
    @discardableResult
    public static func download(
        url: String, to path: String, sha256: String? = nil,
        progress: @escaping (Progress) -> Bool = { _ in true },
        accept: (_ temporary: String) throws -> Void = { _ in }
    ) throws -> Result {
        let expected = sha256?.lowercased()
        if let expected, !SHA256.isDigest(expected) {
            throw TransferError(kind: .badAddress, url: url, message: "`\(expected.printable)` is not a SHA-256 (64 hexadecimal digits)")
        }
        let part = try PartialFile(target: path, url: url)
        while true {
            let attempt = TransferAttempt(url: url, part: part, expected: expected, progress: progress)
            switch try attempt.run() {
            case .again: continue  // more came than before the connection ended: worth another try at once
            case .startOver: continue
            case .whole(let linked):
                let (digest, wanted) = (try part.digest(), expected ?? linked)
                if let wanted, digest != wanted {
                    let isSuspect = part.inherited > 0  // perhaps the earlier part was of another file
                    try part.clear()
                    if isSuspect { continue }
                    throw TransferError(kind: .mismatch, url: url, message: "the file's SHA-256 is \(digest), \(wanted) was expected; nothing is kept. The server's file has changed or was damaged on the way")
                }
                do { try accept(part.path) } catch {
                    try part.clear()
                    throw error
                }
                try part.finish()
                _ = progress(Progress(received: part.count, total: part.count))
                return Result(path: path, sha256: digest, bytes: part.count, isVerified: wanted != nil, resumedFrom: part.inherited)
            }
        }
    }
}
