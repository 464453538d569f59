/// The list at the end of a zip archive.
struct ZipDirectory {
    let members: [ZipArchive.Member]

    init(_ file: RandomAccessFile) throws {
        func fault(_ message: String) -> TensorFileError { TensorFileError(file: file.path, message) }
        // The end record is the last thing in the file but for a comment of up to 65,535 bytes.
        let tailStart = max(0, file.count - 22 - 65_535)
        let tail = LittleEndian(try file.bytes(tailStart..<file.count))
        guard tail.count >= 22, let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
            tail.u32($0) == 0x0605_4B50 && $0 + 22 + tail.u16($0 + 20) == tail.count
        }) else { throw fault("is not a zip archive, or is truncated") }

        var memberCount = UInt64(tail.u16(end + 10))
        var size = UInt64(tail.u32(end + 12))
        var offset = UInt64(tail.u32(end + 16))
        if memberCount == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, end >= 20, tail.u32(end - 20) == 0x0706_4B50 {
            guard let record = Int(exactly: tail.u64(end - 20 + 8)), file.count >= 56, record <= file.count - 56 else { throw fault("its zip64 record lies outside the file") }
            let wide = LittleEndian(try file.bytes(record..<record + 56))
            guard wide.u32(0) == 0x0606_4B50 else { throw fault("its zip64 record is missing") }
            (memberCount, size, offset) = (wide.u64(32), wide.u64(40), wide.u64(48))
        }
        guard offset <= UInt64(file.count), size <= UInt64(file.count) - offset else { throw fault("its directory lies outside the file") }
        let directory = LittleEndian(try file.bytes(Int(offset)..<Int(offset + size)))

        var members: [ZipArchive.Member] = []
        var names: Set<String> = []
        var at = 0
        while at < directory.count {
            guard directory.count - at >= 46, directory.u32(at) == 0x0201_4B50 else { throw fault("its directory is broken at byte \(Int(offset) + at)") }
            let nameCount = directory.u16(at + 28), extraCount = directory.u16(at + 30), commentCount = directory.u16(at + 32)
            guard directory.count - at - 46 >= nameCount + extraCount + commentCount else { throw fault("its directory is cut off") }
            let name = String(decoding: directory.bytes[at + 46..<at + 46 + nameCount], as: UTF8.self)
            guard names.insert(name).inserted else { throw TensorFileError(file: file.path, tensor: name, "is in the archive twice") }
            members.append(try Self.member(directory, at: at, name: name, extra: at + 46 + nameCount..<at + 46 + nameCount + extraCount, file: file))
            at += 46 + nameCount + extraCount + commentCount
        }
        guard UInt64(members.count) == memberCount else { throw fault("its directory lists \(members.count) members and announces \(memberCount)") }
        self.members = members
    }

    private static func member(_ directory: LittleEndian, at: Int, name: String, extra: Range<Int>, file: RandomAccessFile) throws -> ZipArchive.Member {
        var compressed = UInt64(directory.u32(at + 20))
        var count = UInt64(directory.u32(at + 24))
        var offset = UInt64(directory.u32(at + 42))
        var field = extra.lowerBound
        while extra.upperBound - field >= 4 {
            let (kind, length) = (directory.u16(field), directory.u16(field + 2))
            let body = field + 4
            guard extra.upperBound - body >= length else { break }
            if kind == 1 {  // 64-bit values, present in this order for the fields that read all ones
                var next = body
                func wide(_ value: inout UInt64) throws {
                    guard value == 0xFFFF_FFFF else { return }
                    guard body + length - next >= 8 else { throw TensorFileError(file: file.path, tensor: name, "its zip64 sizes are cut off") }
                    value = directory.u64(next)
                    next += 8
                }
                try wide(&count)
                try wide(&compressed)
                try wide(&offset)
            }
            field = body + length
        }
        let limit = UInt64(file.count)
        guard compressed <= limit, offset <= limit, let count = Int(exactly: count) else {
            throw TensorFileError(file: file.path, tensor: name, "its place lies outside the archive")
        }
        return ZipArchive.Member(
            name: name, method: directory.u16(at + 10), isEncrypted: directory.u16(at + 8) & 1 != 0, crc: directory.u32(at + 16),
            compressedCount: Int(compressed), count: count, headerOffset: Int(offset))
    }
}
