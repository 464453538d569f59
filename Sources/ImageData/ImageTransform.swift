public import RandomStreams

/// What turns a picture into a model's input: geometry, an optional flip, normalisation. Semantics and rounding are
/// torchvision's (`Resize` and `CenterCrop`, `RandomResizedCrop`, `RandomHorizontalFlip`, `Normalize`) on Pillow pictures.
public struct ImageTransform: Codable, Hashable, Sendable {
    /// How the picture's size is changed.
    public enum Geometry: Codable, Hashable, Sendable {
        /// Not at all; a batch then asks for pictures of one size.
        case asTheyAre
        /// The shorter side to `resize` pixels, then the middle `crop` x `crop`; black where the picture is smaller than that.
        case centerCrop(resize: Int, crop: Int)
        /// A random rectangle, scaled to `size` x `size`: its share of the area is uniform in `scale` (0...1), the logarithm
        /// of its width over height uniform between those of `ratio`.
        case randomResizedCrop(size: Int, scale: ClosedRange<Double>, ratio: ClosedRange<Double>)
    }

    /// How a JPEG is decoded.
    public enum Decoding: String, Codable, Hashable, Sendable, CaseIterable {
        /// Whole, as Pillow decodes it.
        case exact
        /// Two, four or eight times smaller where the result needs no more pixels than that: some grey levels off, and faster.
        case fast
    }

    public var geometry: Geometry
    public var interpolation: Interpolation
    /// Chance of a mirror image, 0...1.
    public var flipProbability: Double
    public var decoding = Decoding.exact
    /// Subtracted from, and divided out of, the values 0...1 of red, green and blue.
    public var mean: [Float]
    public var standardDeviation: [Float]

    public init(
        geometry: Geometry, interpolation: Interpolation = .bilinear, flipProbability: Double = 0,
        mean: [Float] = [0.5, 0.5, 0.5], standardDeviation: [Float] = [0.5, 0.5, 0.5]
    ) {
        self.geometry = geometry
        self.interpolation = interpolation
        self.flipProbability = flipProbability
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Pictures as they are, normalised.
    public static let none = ImageTransform(geometry: .asTheyAre)

    /// The paper's evaluation: shorter side to 256, middle 224.
    public static func evaluation(resize: Int = 256, crop: Int = 224, interpolation: Interpolation = .bilinear) -> ImageTransform {
        ImageTransform(geometry: .centerCrop(resize: resize, crop: crop), interpolation: interpolation)
    }

    /// The paper's training: random resized crop and horizontal flip.
    public static func training(
        crop: Int = 224, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3, flip: Double = 0.5,
        interpolation: Interpolation = .bilinear
    ) -> ImageTransform {
        ImageTransform(
            geometry: .randomResizedCrop(size: crop, scale: scale, ratio: ratio), interpolation: interpolation, flipProbability: flip)
    }

    /// Whether two calls with different streams may differ.
    public var isRandom: Bool {
        if case .randomResizedCrop = geometry { return true }
        return flipProbability > 0
    }

    /// The picture after geometry and flip, before normalisation.
    /// - Parameter stream: where a random transform takes its numbers: four a crop attempt, at most ten attempts, then one for
    ///   the flip. A function of it alone.
    /// - Throws: `ImageError` for sizes, ranges or probabilities that make no sense.
    public func picture(_ image: RGBImage, stream: inout RandomStream) throws -> RGBImage {
        let plan = try plan(width: image.width, height: image.height, stream: &stream)
        return try flipped(plan?.apply(to: image, interpolation: interpolation) ?? image, stream: &stream)
    }

    /// The same of a picture that is not decoded yet, by the way of ``decoding``.
    /// - Parameter decode: the picture so many times smaller
    package func picture(
        of encoded: EncodedPicture, stream: inout RandomStream, decode: (_ shrink: Int) throws -> RGBImage
    ) throws -> RGBImage {
        let plan = try plan(width: encoded.width, height: encoded.height, stream: &stream)
        let shrink = decoding == .fast && encoded.canShrink ? plan?.shrink ?? 1 : 1
        let image = try decode(shrink)
        return try flipped(plan?.apply(to: image, shrunk: shrink, interpolation: interpolation) ?? image, stream: &stream)
    }

    private func flipped(_ image: RGBImage, stream: inout RandomStream) -> RGBImage {
        flipProbability > 0 && stream.uniform() < flipProbability ? image.mirrored() : image
    }

    /// The picture as 3 x H x W floats: channel by channel, (value / 255 - mean) / standard deviation.
    /// - Parameter stream: see `picture`; nil is allowed for a transform that is not random.
    public func apply(_ image: RGBImage, stream: RandomStream?) throws -> [Float] {
        guard var stream = stream ?? (isRandom ? nil : RandomStream(seed: 0, purpose: .augmentation)) else {
            throw ImageError(name: "transform", reason: "a random transform needs a stream of random numbers")
        }
        return try normalized(picture(image, stream: &stream))
    }

    /// A picture after geometry and flip, normalised.
    func planes(of picture: RGBImage) throws -> ImagePlanes {
        ImagePlanes(values: try normalized(picture), height: picture.height, width: picture.width)
    }

    /// Side lengths that every result has, or nil when they are the picture's own.
    public var outputSide: Int? {
        switch geometry {
        case .asTheyAre: nil
        case .centerCrop(_, let crop): crop
        case .randomResizedCrop(let size, _, _): size
        }
    }

    /// nil for pictures that stay as they are.
    private func plan(width: Int, height: Int, stream: inout RandomStream) throws -> CropPlan? {
        switch geometry {
        case .asTheyAre:
            return nil
        case .centerCrop(let resize, let crop):
            return try CenterCrop(resize: resize, crop: crop).plan(width: width, height: height)
        case .randomResizedCrop(let size, let scale, let ratio):
            guard (1...Resampler.maximumSide).contains(size) else {
                throw ImageError(name: "transform", reason: "crop=\(size) must be 1 to \(Resampler.maximumSide)")
            }
            let window = try RandomResizedCrop(scale: scale, ratio: ratio).rectangle(width: width, height: height, stream: &stream)
            return CropPlan(window: window, width: size, height: size, kept: PixelRectangle(left: 0, top: 0, width: size, height: size))
        }
    }

    private func normalized(_ image: RGBImage) throws -> [Float] {
        guard mean.count == 3, standardDeviation.count == 3, standardDeviation.allSatisfy({ $0 > 0 }) else {
            throw ImageError(name: "transform", reason: "mean and standard deviation must be 3 values, the latter above 0")
        }
        // 256 values a channel: a table costs less than a division a pixel, and is the same number.
        let tables = (0..<3).map { channel in
            (0..<256).map { (Float($0) / 255 - mean[channel]) / standardDeviation[channel] }
        }
        let area = image.width * image.height
        return [Float](unsafeUninitializedCapacity: 3 * area) { output, count in
            image.pixels.withUnsafeBufferPointer { input in
                for channel in 0..<3 {
                    tables[channel].withUnsafeBufferPointer { table in
                        for index in 0..<area { output[channel * area + index] = table[Int(input[index * 3 + channel])] }
                    }
                }
            }
            count = 3 * area
        }
    }
}

/// One normalised picture.
struct ImagePlanes: Sendable {
    /// 3 x height x width.
    let values: [Float]
    let height, width: Int
}

extension RGBImage {
    /// Left and right exchanged.
    func mirrored() -> RGBImage {
        let mirrored = [UInt8](unsafeUninitializedCapacity: pixels.count) { output, count in
            pixels.withUnsafeBufferPointer { input in
                for y in 0..<height {
                    for x in 0..<width {
                        let from = (y * width + x) * 3, to = (y * width + width - 1 - x) * 3
                        output[to] = input[from]
                        output[to + 1] = input[from + 1]
                        output[to + 2] = input[from + 2]
                    }
                }
            }
            count = pixels.count
        }
        return RGBImage(width: width, height: height, pixels: mirrored)
    }
}
