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
        let (training, testing): (ImageTransform, ImageTransform) = switch resolvedKind(for: data) {
        case .none: (.none, .none)
        case .crop: (evaluation, evaluation)
        case .paper, .automatic: (.training(crop: crop, scale: scale, ratio: ratio, flip: flip, interpolation: filter), evaluation)
        }
        let decoding: ImageTransform.Decoding = data?.decoding == .fast ? .fast : .exact
        return (training.completed(normalization, decoding), testing.completed(normalization, decoding))
    }
}

extension ImageTransform {
    fileprivate func completed(_ normalization: AugmentationSpecification.Normalization, _ decoding: Decoding) -> ImageTransform {
        var result = self
        result.mean = normalization.mean
        result.standardDeviation = normalization.standardDeviation
        result.decoding = decoding
        return result
    }
}
