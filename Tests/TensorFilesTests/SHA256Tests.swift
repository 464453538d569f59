import Testing
import TensorFiles

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples.
    @Test func knownDigests() throws {
        #expect(try SHA256.hash(bytes: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(try SHA256.hash(bytes: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(try SHA256.hash(bytes: million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func filesAreHashedInPieces() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try SHA256.hash(file: folder.put(bytes, "f")) == SHA256.hash(bytes: bytes))
        #expect(throws: TensorFileError.self) { try SHA256.hash(file: folder.file("none")) }
    }
}
