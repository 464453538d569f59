/// What a geometry makes of a picture of one size: which part is scaled, to how many pixels, and which of those are kept.
package struct CropPlan: Equatable {
    /// The only pixels of the picture that exist for the filter.
    package let window: PixelRectangle
    /// What the window is scaled to.
    package let width, height: Int
    /// The part of that which is computed.
    package let kept: PixelRectangle
    /// Side of the black square on which it lies, and its corner there; nil where it fills the result.
    package var canvas: Canvas?

    package struct Canvas: Equatable {
        let side, left, top: Int
    }

    /// How many times smaller, 1, 2, 4 or 8, the picture may be decoded so that its window still has a pixel for each of the result's.
    package var shrink: Int {
        [8, 4, 2].first { window.width >= width * $0 && window.height >= height * $0 } ?? 1
    }

    /// - Parameters:
    ///   - image: the picture
    ///   - shrink: how many times smaller than the picture of the plan it is, sides rounded up
    package func apply(to image: RGBImage, shrunk shrink: Int = 1, interpolation: Interpolation) throws -> RGBImage {
        let part = Shrunk(window, by: shrink, width: image.width, height: image.height)
        let scaled = try Resampler.resize(
            image, width: width, height: height, interpolation: interpolation, window: part.window, box: shrink == 1 ? nil : part.box, crop: kept)
        guard let canvas else { return scaled }
        return scaled.padded(to: canvas.side, left: canvas.left, top: canvas.top)
    }

    /// The window in a smaller picture: the pixels that it touches, and its edges between them.
    private struct Shrunk {
        let window: PixelRectangle
        let box: (left: Float, top: Float, right: Float, bottom: Float)

        init(_ full: PixelRectangle, by shrink: Int, width: Int, height: Int) {
            let (left, top) = (full.left / shrink, full.top / shrink)
            let right = min((full.left + full.width + shrink - 1) / shrink, width), bottom = min((full.top + full.height + shrink - 1) / shrink, height)
            window = PixelRectangle(left: left, top: top, width: right - left, height: bottom - top)
            let scale = 1 / Float(shrink)
            box = (
                Float(full.left) * scale - Float(left), Float(full.top) * scale - Float(top),
                min(Float(full.left + full.width) * scale - Float(left), Float(right - left)),
                min(Float(full.top + full.height) * scale - Float(top), Float(bottom - top))
            )
        }
    }
}
