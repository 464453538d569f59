internal import CTransfer

/// SHA-256 as 64 lower-case hexadecimal digits.
public enum SHA256 {
    public static func hash(bytes: [UInt8]) throws -> String {
        try digest { hash in bytes.withUnsafeBytes { ct_sha256_update(hash, $0.baseAddress, $0.count) == 0 } }
    }

    /// Over names, shapes and values, in order of the names' UTF-8 bytes.
    public static func hash(arrays: [NamedArray]) throws -> String {
        try digest { hash in
            for array in arrays.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                let title = Array("\(array.name) \(array.shape)\n".utf8)
                guard title.withUnsafeBytes({ ct_sha256_update(hash, $0.baseAddress, $0.count) }) == 0,
                    array.values.withUnsafeBytes({ ct_sha256_update(hash, $0.baseAddress, $0.count) }) == 0
                else { return false }
            }
            return true
        }
    }

    /// Of pieces that `feed` hands over one after the other, as if they were one.
    package static func hash(_ feed: ((UnsafeRawBufferPointer) -> Void) throws -> Void) throws -> String {
        try digest { hash in
            var succeeded = true
            try feed { piece in succeeded = ct_sha256_update(hash, piece.baseAddress, piece.count) == 0 && succeeded }
            return succeeded
        }
    }

    /// Reads the file through a fixed buffer.
    /// - Throws: ``TensorFileError`` when it cannot be read.
    public static func hash(file path: String) throws -> String {
        let file = try RandomAccessFile(path: path)
        return try digest { hash in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
            defer { buffer.deallocate() }
            var offset = 0
            while offset < file.count {
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, file.count - offset)])
                try file.read(into: piece, at: offset)
                guard ct_sha256_update(hash, piece.baseAddress, piece.count) == 0 else { return false }
                offset += piece.count
            }
            return true
        }
    }

    /// Whether the text has the form of a SHA-256.
    package static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    private static func digest(_ feed: (OpaquePointer) throws -> Bool) throws -> String {
        let failure = TensorFileError(file: "libcrypto", "SHA-256 is not available")
        guard let hash = ct_sha256_new() else { throw failure }
        defer { ct_sha256_free(hash) }
        guard try feed(hash) else { throw failure }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard ct_sha256_finish(hash, &bytes) == 0 else { throw failure }
        return bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
