import Foundation
internal import RandomStreams

/// The rectangle of torchvision's `RandomResizedCrop`: ten attempts at a random area and shape that fit, then the middle of the
/// picture with its shape clamped to `ratio`.
struct RandomResizedCrop {
    let scale: ClosedRange<Double>
    let ratio: ClosedRange<Double>

    /// - Throws: `ImageError` unless 0 < scale <= 1 and ratio > 0.
    init(scale: ClosedRange<Double>, ratio: ClosedRange<Double>) throws {
        guard scale.lowerBound > 0, scale.upperBound <= 1 else {
            throw ImageError(name: "transform", reason: "the crop's share of the area must be above 0 and at most 1, not \(scale)")
        }
        guard ratio.lowerBound > 0, ratio.upperBound.isFinite else {
            throw ImageError(name: "transform", reason: "the crop's width over height must be above 0, not \(ratio)")
        }
        self.scale = scale
        self.ratio = ratio
    }

    func rectangle(width: Int, height: Int, stream: inout RandomStream) -> PixelRectangle {
        let area = Double(width) * Double(height)
        let logRatio = log(ratio.lowerBound)...log(ratio.upperBound)
        for _ in 0..<10 {
            let target = area * stream.uniform(in: scale)
            let shape = exp(stream.uniform(in: logRatio))
            let w = (target * shape).squareRoot().rounded(.toNearestOrEven)
            let h = (target / shape).squareRoot().rounded(.toNearestOrEven)
            guard w >= 1, w <= Double(width), h >= 1, h <= Double(height) else { continue }
            let top = stream.below(height - Int(h) + 1), left = stream.below(width - Int(w) + 1)
            return PixelRectangle(left: left, top: top, width: Int(w), height: Int(h))
        }
        var w = width, h = height
        let shape = Double(width) / Double(height)
        if shape < ratio.lowerBound {
            h = Int((Double(width) / ratio.lowerBound).rounded(.toNearestOrEven))
        } else if shape > ratio.upperBound {
            w = Int((Double(height) * ratio.upperBound).rounded(.toNearestOrEven))
        }
        w = min(max(w, 1), width)
        h = min(max(h, 1), height)
        return PixelRectangle(left: (width - w) / 2, top: (height - h) / 2, width: w, height: h)
    }
}
