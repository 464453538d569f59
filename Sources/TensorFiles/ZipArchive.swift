internal import CTransfer

/// A zip archive's members, found through its central directory (PKWARE APPNOTE 6.3, with the 64-bit fields).
package final class ZipArchive: Sendable {
    package struct Member: Sendable {
        package let name: String
        let method: Int
        let isEncrypted: Bool
        let crc: UInt32
        let compressedCount: Int
        let count: Int
        let headerOffset: Int
    }

    let path: String
    /// In the directory's order; names are unique.
    package let members: [Member]
    private let file: RandomAccessFile

    package init(path: String) throws {
        file = try RandomAccessFile(path: path)
        self.path = path
        members = try ZipDirectory(file).members
    }

    /// The member's bytes, unpacked, its length and checksum compared with the directory's.
    package func bytes(of member: Member) throws -> [UInt8] {
        func fault(_ message: String) -> TensorFileError { TensorFileError(file: path, tensor: member.name, message) }
        guard !member.isEncrypted else { throw fault("is encrypted") }
        // The local header repeats what the directory says; only the lengths of its two variable parts are needed.
        let fixed = 30
        guard member.headerOffset <= file.count - fixed else { throw fault("starts beyond the archive's end") }
        let local = LittleEndian(try file.bytes(member.headerOffset..<member.headerOffset + fixed))
        guard local.u32(0) == 0x0403_4B50 else { throw fault("has no local header where the directory says") }
        let start = member.headerOffset + fixed + local.u16(26) + local.u16(28)
        guard start <= file.count, member.compressedCount <= file.count - start else { throw fault("runs beyond the archive's end: truncated") }
        let stored = try file.bytes(start..<start + member.compressedCount)
        let unpacked: [UInt8]
        switch member.method {
        case 0:
            guard member.count == stored.count else { throw fault("is stored in \(stored.count) bytes and said to have \(member.count)") }
            unpacked = stored
        case 8:
            // Deflate cannot do better than 1032 to 1: a larger promise is a lie, and is not allocated.
            guard member.count / 1032 <= stored.count else { throw fault("claims \(member.count) bytes out of \(stored.count) compressed ones") }
            var ok = false
            unpacked = [UInt8](unsafeUninitializedCapacity: member.count) { buffer, filled in
                ok = ct_inflate(stored, stored.count, buffer.baseAddress, member.count) == 0
                filled = ok ? member.count : 0
            }
            guard ok else { throw fault("its compressed data are broken") }
        default: throw fault("is packed by method \(member.method); stored (0) and deflated (8) are understood")
        }
        guard ct_crc32(unpacked, unpacked.count) == member.crc else { throw fault("its checksum does not match: the archive is damaged") }
        return unpacked
    }
}

/// Unsigned little-endian fields at offsets the caller has checked against ``count``.
struct LittleEndian {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    var count: Int { bytes.count }
    func u16(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    func u32(_ at: Int) -> UInt32 { UInt32(u16(at)) | UInt32(u16(at + 2)) << 16 }
    func u64(_ at: Int) -> UInt64 { UInt64(u32(at)) | UInt64(u32(at + 4)) << 32 }
}
