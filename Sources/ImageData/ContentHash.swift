/// A 64-bit hash that tells data sets apart (two runs' manifests, a resumed run). Not a defence against anyone.
struct ContentHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Eight bytes at a time, multiplied full width and folded; the length goes in last.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
            offset += 8
        }
        var tail: UInt64 = 0
        for (shift, byte) in bytes[offset...].enumerated() { tail |= UInt64(byte) << UInt64(8 * shift) }
        add(tail)
        add(UInt64(bytes.count))
    }

    mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        value = (product.high ^ product.low) &+ 0xA076_1D64_78BD_642F &+ word
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// Order, names, labels and bytes of pictures. Reads every file.
    mutating func add(_ items: [DatasetItem]) throws {
        add(UInt64(items.count))
        for item in items {
            add(item.name)
            add(UInt64(bitPattern: Int64(item.label)))
            switch item.source {
            case .file(let path): try FileBytes.contents(path: path).withUnsafeBytes { add($0) }
            case .tile(let sheet, let index):
                add(try sheet.contentHash())
                add(UInt64(bitPattern: Int64(index)))
            }
        }
    }

    /// 16 hexadecimal digits.
    var digits: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func of(_ bytes: [UInt8]) -> UInt64 {
        var hash = ContentHash()
        bytes.withUnsafeBytes { hash.add($0) }
        return hash.value
    }
}
