/// A member of an archive that a test makes, its description open to lies.
struct ZipMember {
    var name: String
    var stored: [UInt8]
    var method = 0
    var flags = 0
    var count: Int
    var crc: UInt32

    init(_ name: String, _ stored: [UInt8]) {
        self.name = name
        self.stored = stored
        count = stored.count
        // CRC-32, bit by bit (ISO 3309).
        crc = ~stored.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}

/// A zip archive; `wide` puts sizes and places into the 64-bit fields.
func zip(_ members: [ZipMember], wide: Bool = false) -> [UInt8] {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let hidden = 0xFFFF_FFFF
    var archive: [UInt8] = [], directory: [UInt8] = []
    for member in members {
        let offset = archive.count
        let common = little(member.flags, 2) + little(member.method, 2) + little(0, 4) + little(Int(member.crc), 4)
            + little(wide ? hidden : member.stored.count, 4) + little(wide ? hidden : member.count, 4) + little(member.name.utf8.count, 2)
        let sizes = little(1, 2) + little(24, 2) + little(member.count, 8) + little(member.stored.count, 8) + little(offset, 8)
        archive += little(0x0403_4B50, 4) + little(20, 2) + common + little(0, 2) + Array(member.name.utf8) + member.stored
        directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + common + little(wide ? sizes.count : 0, 2) + little(0, 2) + little(0, 2)
            + little(0, 2) + little(0, 4) + little(wide ? hidden : offset, 4) + Array(member.name.utf8) + (wide ? sizes : [])
    }
    let start = archive.count
    archive += directory
    if wide {
        let record = archive.count
        archive += little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(members.count, 8) + little(members.count, 8)
            + little(directory.count, 8) + little(start, 8)
        archive += little(0x0706_4B50, 4) + little(0, 4) + little(record, 8) + little(1, 4)
    }
    let shown = wide ? 0xFFFF : members.count
    return archive + little(0x0605_4B50, 4) + little(0, 4) + little(shown, 2) + little(shown, 2) + little(wide ? hidden : directory.count, 4)
        + little(wide ? hidden : start, 4) + little(0, 2)
}
