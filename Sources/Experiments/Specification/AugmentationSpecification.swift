/// What happens to a picture before the backbone sees it, in training and in evaluation.
public struct AugmentationSpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Equatable, Sendable, CaseIterable {
        /// `none` for the embedded glyphs, which are drawn at the backbone's size; else `paper`.
        case automatic
        /// Pictures as they are.
        case none
        /// Random resized crop and flip in training; resize and centre crop in evaluation.
        case paper
        /// Resize and centre crop in both.
        case crop
    }
    /// Mean and standard deviation that a backbone was pre-trained with, of values 0...1.
    public enum Normalization: String, Codable, Equatable, Sendable, CaseIterable {
        /// 0.5 and 0.5: the AugReg ViTs of the paper, and the embedded networks.
        case half
        /// Of the ImageNet training set: DeiT, DINO.
        case imagenet
        /// Of CLIP's training set.
        case clip

        /// Red, green, blue.
        public var mean: [Float] {
            switch self {
            case .half: [0.5, 0.5, 0.5]
            case .imagenet: [0.485, 0.456, 0.406]
            case .clip: [0.48145466, 0.4578275, 0.40821073]
            }
        }

        public var standardDeviation: [Float] {
            switch self {
            case .half: [0.5, 0.5, 0.5]
            case .imagenet: [0.229, 0.224, 0.225]
            case .clip: [0.26862954, 0.26130258, 0.27577711]
            }
        }
    }
    public enum Interpolation: String, Codable, Equatable, Sendable, CaseIterable { case bilinear, bicubic }

    public var kind: Kind
    /// Evaluation: the shorter side in pixels before the centre crop; nil is crop x 256/224.
    public var resize: Int?
    /// Side of the square that the backbone sees, pixels; nil is the backbone's picture.
    public var crop: Int?
    /// Least and largest share of the picture's area that a random crop takes, 0...1.
    public var scale: ClosedRange<Double>
    /// Least and largest width / height of a random crop.
    public var ratio: ClosedRange<Double>
    /// Probability of a horizontal flip.
    public var flip: Double
    public var interpolation: Interpolation
    /// Applied to training and evaluation alike, and to pictures that are taken as they are.
    public var normalization: Normalization

    public init(
        kind: Kind = .automatic, resize: Int? = nil, crop: Int? = nil, scale: ClosedRange<Double> = 0.08...1,
        ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3, flip: Double = 0.5, interpolation: Interpolation = .bilinear,
        normalization: Normalization = .half
    ) {
        self.kind = kind
        self.resize = resize
        self.crop = crop
        self.scale = scale
        self.ratio = ratio
        self.flip = flip
        self.interpolation = interpolation
        self.normalization = normalization
    }

    /// The kind that `automatic` stands for.
    public func resolvedKind(for data: DataSpecification?) -> Kind {
        guard kind == .automatic else { return kind }
        return data?.name == "glyphs" ? .none : .paper
    }

    /// - Parameter image: side of the backbone's picture, where one is loaded.
    /// - Throws: ``ExperimentError`` for a probability outside 0...1 or a crop that the backbone does not take.
    public func validate(image: Int? = nil) throws {
        guard scale.lowerBound > 0, scale.upperBound <= 1 else {
            throw ExperimentError(.specification, "augment scale=\(scale.lowerBound)..\(scale.upperBound) must lie above 0 and not above 1")
        }
        guard ratio.lowerBound > 0, ratio.upperBound <= 100 else {
            throw ExperimentError(.specification, "augment ratio=\(ratio.lowerBound)..\(ratio.upperBound) must lie above 0 and not above 100")
        }
        guard (0...1).contains(flip) else { throw ExperimentError(.specification, "augment flip=\(flip) is a probability: 0 to 1") }
        if let image, let crop, crop != image, kind == .paper || kind == .crop {
            throw ExperimentError(
                .specification, "augment crop=\(crop), but the backbone takes pictures of \(image) x \(image)", help: ["leave crop out: it follows the backbone"])
        }
        if let resize, let crop = crop ?? image, resize < crop {
            throw ExperimentError(.specification, "augment resize=\(resize) is smaller than the crop of \(crop)")
        }
    }
}
