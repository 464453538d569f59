internal import CImageCodecs

/// JPEG, PNG and WebP to 8-bit RGB, pixel for pixel what Pillow's `Image.open(file).convert("RGB")` gives: grey is repeated,
/// palettes are looked up, alpha is dropped (not blended), CMYK and YCCK are taken as Adobe's inverted, 16-bit colour keeps its
/// high byte and 16-bit grey is clipped to 255, and an EXIF orientation is not applied.
public enum ImageDecoder {
    /// - Parameter name: what an error calls the picture.
    /// - Throws: `ImageError` for bytes that are not a whole picture of these formats, or claim over 178,956,970 pixels.
    public static func decode(_ bytes: [UInt8], name: String) throws -> RGBImage {
        try EncodedPicture(bytes, name: name).decoded()
    }

    /// The picture in the file at `path`.
    public static func decode(path: String) throws -> RGBImage {
        try decode(FileBytes.contents(path: path), name: path)
    }

    /// Width and height as the header states them, without decoding: tells a picture from another file, but not a whole one
    /// from a damaged one.
    public static func size(_ bytes: [UInt8], name: String) throws -> (width: Int, height: Int) {
        let picture = try EncodedPicture(bytes, name: name)
        return (picture.width, picture.height)
    }
}

/// A picture whose size is known and whose pixels are not decoded yet.
package struct EncodedPicture {
    package let name: String
    /// As the header states them.
    package var width: Int { Int(header.width) }
    package var height: Int { Int(header.height) }
    private let bytes: [UInt8]
    private let header: cic_header

    /// - Throws: `ImageError` for bytes that do not begin as a picture.
    package init(_ bytes: [UInt8], name: String) throws {
        var header = cic_header()
        let failed = bytes.withUnsafeBufferPointer { cic_read_header($0.baseAddress, $0.count, &header) }
        guard failed == 0 else { throw ImageError(name: name, reason: Self.message(header)) }
        (self.name, self.bytes, self.header) = (name, bytes, header)
    }

    /// Whether ``decoded(shrunk:)`` takes more than 1.
    package var canShrink: Bool { header.format == CIC_JPEG }

    /// - Parameter shrink: 1, or of a JPEG 2, 4 or 8: how many times smaller, both sides rounded up
    package func decoded(shrunk shrink: Int = 1) throws -> RGBImage {
        var header = self.header
        let (width, height) = ((width + shrink - 1) / shrink, (height + shrink - 1) / shrink)
        var failed: Int32 = 0
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { output, count in
            bytes.withUnsafeBufferPointer { input in
                failed = shrink == 1 ? cic_decode(input.baseAddress, input.count, &header, output.baseAddress)
                    : cic_decode_shrunk(input.baseAddress, input.count, &header, Int32(shrink), output.baseAddress)
            }
            count = failed == 0 ? width * height * 3 : 0
        }
        guard failed == 0 else { throw ImageError(name: name, reason: Self.message(header)) }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private static func message(_ header: cic_header) -> String {
        withUnsafeBytes(of: header.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
