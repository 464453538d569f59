import Foundation
import ImageData
import Testing

struct WebPEncoderTests {
    @Test func decodesToNearlyTheSame() throws {
        var pixels: [UInt8] = []
        for place in 0..<40 * 30 { pixels += [UInt8(place % 40 * 6), UInt8(place / 40 * 8), 90] }
        let image = RGBImage(width: 40, height: 30, pixels: pixels)
        let back = try ImageDecoder.decode(encodeWebP(image, quality: 95), name: "back")
        #expect(back.width == 40 && back.height == 30)
        let worst = zip(back.pixels, image.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(worst < 24)
    }

    @Test func sizesThatTheFormatLacksAreErrors() throws {
        let long = RGBImage(width: 16_384, height: 1, pixels: [UInt8](repeating: 0, count: 16_384 * 3))
        #expect(throws: ImageError.self) { try encodeWebP(long, quality: 80) }
    }
}
