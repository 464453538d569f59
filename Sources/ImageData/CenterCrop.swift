/// The evaluation geometry: the shorter side scaled to `resize`, then the middle `crop` x `crop` (torchvision's `Resize` and
/// `CenterCrop` in a row). Only the pixels that the crop keeps are computed.
package struct CenterCrop {
    package let resize: Int
    package let crop: Int

    package init(resize: Int, crop: Int) {
        (self.resize, self.crop) = (resize, crop)
    }

    package func plan(width: Int, height: Int) throws -> CropPlan {
        guard (1...Resampler.maximumSide).contains(resize), (1...Resampler.maximumSide).contains(crop) else {
            throw ImageError(name: "transform", reason: "resize=\(resize) and crop=\(crop) must be 1 to \(Resampler.maximumSide)")
        }
        let scaled = try scaledSize(width: width, height: height)
        let across = Overlap(length: scaled.width, crop: crop)
        let down = Overlap(length: scaled.height, crop: crop)
        return CropPlan(
            window: PixelRectangle(left: 0, top: 0, width: width, height: height), width: scaled.width, height: scaled.height,
            kept: PixelRectangle(left: across.from, top: down.from, width: across.count, height: down.count),
            canvas: across.count == crop && down.count == crop ? nil : CropPlan.Canvas(side: crop, left: across.border, top: down.border))
    }

    /// The longer side is cut to a whole number, as torchvision's `int(size * long / short)`.
    private func scaledSize(width: Int, height: Int) throws -> (width: Int, height: Int) {
        let long = Double(resize * max(width, height)) / Double(min(width, height))
        guard long <= Double(Resampler.maximumSide) else {
            throw ImageError(name: "transform", reason: "a picture of \(width) x \(height) pixels is too narrow to resize to \(resize)")
        }
        return width <= height ? (resize, Int(long)) : (Int(long), resize)
    }
}

/// Where a middle crop lies along one axis.
private struct Overlap {
    /// First kept pixel of the picture, number of kept pixels, black pixels before them.
    let from, count, border: Int

    init(length: Int, crop: Int) {
        if length >= crop {
            // Python's round: halves go to the even neighbour.
            from = Int((Double(length - crop) / 2).rounded(.toNearestOrEven))
            count = crop
            border = 0
        } else {
            from = 0
            count = length
            border = (crop - length) / 2
        }
    }
}

extension RGBImage {
    /// This picture on a black square of `side`, its corner at (`left`, `top`).
    package func padded(to side: Int, left: Int, top: Int) -> RGBImage {
        var square = [UInt8](repeating: 0, count: side * side * 3)
        for y in 0..<height {
            let from = y * width * 3, to = ((top + y) * side + left) * 3
            square.replaceSubrange(to..<to + width * 3, with: pixels[from..<from + width * 3])
        }
        return RGBImage(width: side, height: side, pixels: square)
    }
}
