import Foundation

/// Decoded pictures of files, kept while there is room, so that a small data set is decoded once and not once an epoch.
/// What is kept never changes a result, only its time.
public final class ImageCache: @unchecked Sendable {
    private let lock = NSLock()
    private let limit: Int
    private var used = 0
    private var images: [String: RGBImage] = [:]

    /// - Parameter limit: most bytes of pixels kept; the first pictures that fit stay.
    public init(limit: Int = 256 << 20) { self.limit = limit }

    /// The picture of `item`: kept, or decoded now.
    func image(of item: DatasetItem) throws -> RGBImage {
        guard case .file(let path) = item.source else { return try item.image() }  // a sheet keeps its tiles itself
        if let image = lock.withLock({ images[path] }) { return image }
        let image = try item.image()
        lock.withLock {
            if used + image.pixels.count <= limit, images[path] == nil {
                used += image.pixels.count
                images[path] = image
            }
        }
        return image
    }
}
