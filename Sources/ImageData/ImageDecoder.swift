internal import CImageCodecs

/// JPEG, PNG and WebP to 8-bit RGB, pixel for pixel what Pillow's `Image.open(file).convert("RGB")` gives: grey is repeated,
/// palettes are looked up, alpha is dropped (not blended), CMYK and YCCK are taken as Adobe's inverted, 16-bit colour keeps its
/// high byte and 16-bit grey is clipped to 255, and an EXIF orientation is not applied.
public enum ImageDecoder {
    /// - Parameter name: what an error calls the picture.
    /// - Throws: `ImageError` for bytes that are not a whole picture of these formats, or claim over 178,956,970 pixels.
    public static func decode(_ bytes: [UInt8], name: String) throws -> RGBImage {
        try bytes.withUnsafeBufferPointer { input in
            var header = try readHeader(input, name: name)
            let width = Int(header.width), height = Int(header.height)
            var failed: Int32 = 0
            let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { output, count in
                failed = cic_decode(input.baseAddress, input.count, &header, output.baseAddress)
                count = failed == 0 ? width * height * 3 : 0
            }
            guard failed == 0 else { throw ImageError(name: name, reason: message(&header)) }
            return RGBImage(width: width, height: height, pixels: pixels)
        }
    }

    /// The picture in the file at `path`.
    public static func decode(path: String) throws -> RGBImage {
        try decode(FileBytes.contents(path: path), name: path)
    }

    /// Width and height as the header states them, without decoding: tells a picture from another file, but not a whole one
    /// from a damaged one.
    public static func size(_ bytes: [UInt8], name: String) throws -> (width: Int, height: Int) {
        let header = try bytes.withUnsafeBufferPointer { try readHeader($0, name: name) }
        return (Int(header.width), Int(header.height))
    }

    private static func readHeader(_ input: UnsafeBufferPointer<UInt8>, name: String) throws -> cic_header {
        var header = cic_header()
        guard cic_read_header(input.baseAddress, input.count, &header) == 0 else {
            throw ImageError(name: name, reason: message(&header))
        }
        return header
    }

    private static func message(_ header: inout cic_header) -> String {
        withUnsafeBytes(of: &header.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
