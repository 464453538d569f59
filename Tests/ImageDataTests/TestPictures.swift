import ImageData

/// FNV-1a, 64 bits, as the script computes it.
func fnv(_ bytes: [UInt8]) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// The picture that the script resizes: sharp edges everywhere.
func pattern(_ width: Int, _ height: Int) -> RGBImage {
    var state: UInt64 = 1
    return RGBImage(
        width: width, height: height,
        pixels: (0..<width * height * 3).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        })
}

/// The pixels of `part` alone.
func crop(_ image: RGBImage, _ part: PixelRectangle) -> RGBImage {
    var pixels: [UInt8] = []
    for y in part.top..<part.top + part.height {
        let start = (y * image.width + part.left) * 3
        let row: ArraySlice<UInt8> = image.pixels[start..<start + part.width * 3]
        pixels += row
    }
    return RGBImage(width: part.width, height: part.height, pixels: pixels)
}
