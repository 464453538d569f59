internal import CImageCodecs

/// The filter of a resampling.
public enum Interpolation: String, Codable, Hashable, Sendable, CaseIterable {
    /// Triangle, support 1.
    case bilinear
    /// Keys' cubic with a = -0.5, support 2.
    case bicubic
}

/// A rectangle of whole pixels.
public struct PixelRectangle: Hashable, Sendable {
    public var left, top, width, height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    package func isInside(width outerWidth: Int, height outerHeight: Int) -> Bool {
        left >= 0 && top >= 0 && width > 0 && height > 0 && width <= outerWidth && height <= outerHeight
            && left <= outerWidth - width && top <= outerHeight - height
    }
}

/// Antialiased resampling, byte-equal to Pillow's `Image.resize`: filter weights computed in double precision, rounded to 22
/// fractional bits, first across and then down, 8 bits in between.
public enum Resampler {
    /// Longest side of a result.
    public static let maximumSide = 65_536

    /// - Parameters:
    ///   - window: the only pixels of `image` that exist for the filter (a crop before the resizing); nil is the whole.
    ///   - box: left, top, right, bottom of the part of the window that is scaled, in pixels; nil is the whole window. Pixels of
    ///     the window outside the box still take part at its edges, as in Pillow.
    ///   - crop: the part of the `width` x `height` result that is wanted (a crop after the resizing); nil is the whole.
    /// - Throws: `ImageError` for sizes below 1 or above `maximumSide`, and rectangles that are not inside.
    public static func resize(
        _ image: RGBImage, width: Int, height: Int, interpolation: Interpolation = .bilinear, window: PixelRectangle? = nil,
        box: (left: Float, top: Float, right: Float, bottom: Float)? = nil, crop: PixelRectangle? = nil
    ) throws -> RGBImage {
        let name = "resizing \(image.width) x \(image.height) to \(width) x \(height)"
        guard (1...maximumSide).contains(width), (1...maximumSide).contains(height) else {
            throw ImageError(name: name, reason: "a side must be 1 to \(maximumSide) pixels")
        }
        let window = window ?? PixelRectangle(left: 0, top: 0, width: image.width, height: image.height)
        let box = box ?? (0, 0, Float(window.width), Float(window.height))
        let crop = crop ?? PixelRectangle(left: 0, top: 0, width: width, height: height)
        guard window.isInside(width: image.width, height: image.height) else {
            throw ImageError(name: name, reason: "the window \(window) is not inside the picture")
        }
        guard 0 <= box.left, box.left < box.right, box.right <= Float(window.width),
            0 <= box.top, box.top < box.bottom, box.bottom <= Float(window.height)
        else { throw ImageError(name: name, reason: "the box \(box) is not inside the picture") }
        guard crop.isInside(width: width, height: height) else {
            throw ImageError(name: name, reason: "the crop \(crop) is not inside the result")
        }
        var failed: Int32 = 0
        let count = crop.width * crop.height * 3
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            image.pixels.withUnsafeBufferPointer { input in
                var plan = cic_resampling()
                plan.stride = image.width * 3
                plan.pixels = input.baseAddress.map { $0 + window.top * plan.stride + window.left * 3 }
                plan.width = Int32(window.width)
                plan.height = Int32(window.height)
                plan.box = (box.left, box.top, box.right, box.bottom)
                plan.out_width = Int32(width)
                plan.out_height = Int32(height)
                plan.crop_left = Int32(crop.left)
                plan.crop_top = Int32(crop.top)
                plan.crop_width = Int32(crop.width)
                plan.crop_height = Int32(crop.height)
                plan.filter = interpolation == .bicubic ? CIC_BICUBIC : CIC_BILINEAR
                failed = cic_resample(&plan, output.baseAddress)
            }
            initialized = failed == 0 ? count : 0
        }
        guard failed == 0 else { throw ImageError(name: name, reason: "not enough memory") }
        return RGBImage(width: crop.width, height: crop.height, pixels: pixels)
    }
}
