internal import CImageCodecs

/// `image` as a lossy WebP file: a small one, for pages that carry many pictures.
/// - Parameter quality: 0 to 100.
/// - Throws: `ImageError` for a side above 16,383 pixels, or when memory is short.
public func encodeWebP(_ image: RGBImage, quality: Float) throws -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(CIC_MESSAGE_SIZE))
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height),
        cic_encode_webp(image.pixels, width, height, min(max(quality, 0), 100), &bytes, &count, &message) == 0
    else {
        let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw ImageError(name: "WebP of \(image.width) x \(image.height)", reason: reason)
    }
    defer { cic_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
}
