internal import Foundation
public import ImageData

/// A picture inside of a page.
public struct PageImage: Sendable {
    public let width, height: Int
    /// `data:image/webp;base64,…`
    package let address: String

    /// - Parameter side: longest side in pixels; a smaller picture stays as it is.
    /// - Throws: `ImageError` when memory is short.
    public init(_ image: RGBImage, side: Int) throws {
        let fitted = try image.fitted(to: side)
        (width, height) = (fitted.width, fitted.height)
        address = "data:image/webp;base64," + Data(try encodeWebP(fitted, quality: 86)).base64EncodedString()
    }
}

extension RGBImage {
    /// The same in proportion, its longer side `side` pixels where it is larger.
    func fitted(to side: Int) throws -> RGBImage {
        let longer = max(width, height)
        guard longer > side else { return self }
        return try Resampler.resize(self, width: max(1, width * side / longer), height: max(1, height * side / longer), interpolation: .bicubic)
    }
}
