internal import CImageCodecs

/// `image` as a PNG file.
/// - Throws: `ImageError` when memory is short.
public func encodePNG(_ image: RGBImage) throws -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(CIC_MESSAGE_SIZE))
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height),
        cic_encode_png(image.pixels, width, height, &bytes, &count, &message) == 0
    else {
        let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw ImageError(name: "PNG of \(image.width) x \(image.height)", reason: reason)
    }
    defer { cic_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
}
