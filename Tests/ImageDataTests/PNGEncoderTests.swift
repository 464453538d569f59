import ImageData
import Testing

struct PNGEncoderTests {
    @Test(arguments: [(1, 1), (33, 7), (200, 150)])
    func decodesToTheSamePixels(_ size: (Int, Int)) throws {
        let image = pattern(size.0, size.1)
        #expect(try ImageDecoder.decode(encodePNG(image), name: "png") == image)
    }
}
