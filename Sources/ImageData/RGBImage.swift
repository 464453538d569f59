/// A picture: 8-bit red, green, blue.
public struct RGBImage: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// height x width x 3, row by row.
    public let pixels: [UInt8]

    /// - Parameter pixels: exactly `height * width * 3` bytes; anything else is a bug of the caller.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3, "\(pixels.count) bytes are not \(height) x \(width) x 3")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
