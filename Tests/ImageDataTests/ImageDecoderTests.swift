import Foundation
import ImageData
import Testing

struct ImageDecoderTests {
    @Test(arguments: PillowCases.all?.decode ?? [])
    func decodesAsPillow(_ expected: PillowCases.Decode) throws {
        let image = try ImageDecoder.decode(Array(expected.file), name: expected.name)
        #expect(image.width == expected.width && image.height == expected.height)
        #expect(image.pixels == Array(expected.rgb))
        let size = try ImageDecoder.size(Array(expected.file), name: expected.name)
        #expect(size == (expected.width, expected.height))
    }

    @Test func allCasesAreThere() throws {
        #expect(try #require(PillowCases.all).decode.count >= 40)
    }

    @Test(arguments: [
        ([], "empty"), (Array("just some text, long enough".utf8), "not a JPEG, PNG or WebP"), (Array("GIF89a..........".utf8), "GIF"),
        ([0xFF, 0xD8, 0xFF], "truncated JPEG"), (Array("\u{89}PNG".utf8), "not a JPEG"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "truncated PNG"), (Array("RIFF....WEBPVP8 ".utf8), "WebP"),
    ] as [([UInt8], String)])
    func namesWhatIsNoPicture(_ bytes: [UInt8], _ words: String) {
        let error = #expect(throws: ImageError.self) { try ImageDecoder.decode(bytes, name: "birds/a.jpg") }
        #expect(error?.name == "birds/a.jpg")
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test func refusesHeadersThatClaimTooMuch() throws {
        let png = try encodePNG(pattern(4, 4))
        func claim(_ width: UInt32, _ height: UInt32) -> [UInt8] {
            var header: [UInt8] = Array("IHDR".utf8)
            header += bigEndian(width) + bigEndian(height)
            header += png[24..<29]
            var file: [UInt8] = Array(png[..<12])
            file += header
            file += bigEndian(crc32(header))
            file += png[33...]
            return file
        }
        #expect(try ImageDecoder.decode(claim(4, 4), name: "same") == pattern(4, 4))
        let bomb = #expect(throws: ImageError.self) { try ImageDecoder.decode(claim(900_000, 900_000), name: "bomb.png") }
        #expect(bomb?.reason.contains("bomb") == false && bomb?.reason.contains("900000 x 900000") == true)
        let lie = #expect(throws: ImageError.self) { try ImageDecoder.decode(claim(13_000, 13_000), name: "lie.png") }
        #expect(lie?.reason.contains("cannot hold") == true)

        var jpeg = try Array(#require(PillowCases.all?.decode.first { $0.name == "jpeg 4:2:0" }).file)
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x30, 0x00, 0x30, 0x00])
        #expect(throws: ImageError.self) { try ImageDecoder.decode(jpeg, name: "lie.jpg") }
    }

    @Test func namesAMissingFileAndAFolder() {
        let missing = #expect(throws: ImageError.self) { try ImageDecoder.decode(path: "/no/such/picture.png") }
        #expect(missing?.description == "/no/such/picture.png: no such file")
        let folder = #expect(throws: ImageError.self) { try ImageDecoder.decode(path: "/tmp") }
        #expect(folder?.reason == "not a file")
    }

    private func bigEndian(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
