internal import ImageData

extension AugmentationSpecification {
    /// The shorter side before a centre crop, in the paper's proportion of 256 to 224.
    static func resize(forCrop crop: Int) -> Int {
        let (scaled, overflow) = crop.multipliedReportingOverflow(by: 256)
        return overflow ? crop : Int((Double(scaled) / 224).rounded())
    }

    /// What is done to training pictures, and to pictures that are evaluated.
    /// - Parameter image: side of the backbone's picture, pixels.
    func transforms(for data: DataSpecification?, image: Int) throws -> (training: ImageTransform, evaluation: ImageTransform) {
        try validate(image: image)
        let filter: ImageData.Interpolation = interpolation == .bicubic ? .bicubic : .bilinear
        let crop = crop ?? image
        let evaluation = ImageTransform.evaluation(resize: resize ?? Self.resize(forCrop: crop), crop: crop, interpolation: filter)
        switch resolvedKind(for: data) {
        case .none: return (.none, .none)
        case .crop: return (evaluation, evaluation)
        case .paper, .automatic:
            return (.training(crop: crop, scale: scale, ratio: ratio, flip: flip, interpolation: filter), evaluation)
        }
    }
}
