import Foundation

/// Decoded pictures of files, kept while there is room, so that a small data set is decoded once and not once an epoch.
/// What is kept never changes a result, only its time.
public final class ImageCache: @unchecked Sendable {
    private let lock = NSLock()
    private let limit: Int
    private var used = 0
    private struct Key: Hashable {
        let path: String
        let shrink: Int
    }
    private var images: [Key: RGBImage] = [:]

    /// - Parameter limit: most bytes of pixels kept; the first pictures that fit stay.
    public init(limit: Int = 256 << 20) { self.limit = limit }

    /// The picture of a file, so many times smaller: kept, or decoded now.
    func image(path: String, shrunk shrink: Int = 1, decode: () throws -> RGBImage) throws -> RGBImage {
        let key = Key(path: path, shrink: shrink)
        if let image = lock.withLock({ images[key] }) { return image }
        let image = try decode()
        lock.withLock {
            if used + image.pixels.count <= limit, images[key] == nil {
                used += image.pixels.count
                images[key] = image
            }
        }
        return image
    }
}
