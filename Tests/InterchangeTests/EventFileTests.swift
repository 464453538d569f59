import Foundation
import Interchange
import Testing

@Suite struct EventFileTests {
    /// RFC 3720, appendix B.4, and the check value of the polynomial.
    @Test func checksumsAreThoseOfTheStandard() {
        #expect(MaskedCRC.crc32c(Array("123456789".utf8)) == 0xE306_9283)
        #expect(MaskedCRC.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(MaskedCRC.crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(MaskedCRC.masked([]) == 0xA282_EAD8)
    }

    @Test func everyFileOfAFolderHasItsOwnName() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try (0..<3).map { try EventFile(folder: folder, takingUpAfter: $0, time: 1_700_000_000) }
        #expect(Set(files.map(\.path)).count == 3)
        #expect(files.map(\.path) == files.map(\.path).sorted())
        #expect(files.allSatisfy { $0.path.contains("events.out.tfevents.1700000000.") })
        // The record that names the version: its length, and the checksum of that.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: files[0].path))
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == 9 + 2 + 13)
        #expect(bytes[8..<12].reversed().reduce(0) { $0 << 8 | UInt32($1) } == MaskedCRC.masked(bytes.prefix(8)))
    }
}
