import ImageData
import RandomStreams
import TensorFiles

/// A case of kind `image`: a picture as it is decoded, and as evaluation and a crop resize it.
struct ImageCase {
    private let settings: CaseSettings

    init(_ settings: CaseSettings) throws {
        self.settings = settings
        try settings.allow(["file", "mode", "note", "box_top_left_height_width"])
    }

    func run() throws -> Comparison {
        let file = try settings.tensors()
        let image = try ImageDecoder.decode(path: "\(settings.directory)/\(try settings.text("file"))")
        var comparison = Comparison()
        for name in file.names {
            guard let picture = try self.picture(name, of: image) else {
                comparison.skip(name)
                continue
            }
            try file.require(name, [picture.height, picture.width, 3])
            try comparison.pixels(picture.pixels, file.bytes(name).values, name)
        }
        return comparison
    }

    /// What the tensor's name asks for; nil for a name that is not known.
    private func picture(_ name: String, of image: RGBImage) throws -> RGBImage? {
        switch name {
        case "decoded": image
        case "eval_bilinear": try evaluated(image, .bilinear)
        case "eval_bicubic": try evaluated(image, .bicubic)
        case "crop_bilinear": try cropped(image, .bilinear)
        case "crop_bicubic": try cropped(image, .bicubic)
        default: nil
        }
    }

    private func evaluated(_ image: RGBImage, _ interpolation: Interpolation) throws -> RGBImage {
        var stream = RandomStream(seed: 0, purpose: .augmentation)  // nothing is drawn from it
        return try ImageTransform.evaluation(interpolation: interpolation).picture(image, stream: &stream)
    }

    private func cropped(_ image: RGBImage, _ interpolation: Interpolation) throws -> RGBImage {
        let box = try settings.integers("box_top_left_height_width", count: 4)
        let window = PixelRectangle(left: box[1], top: box[0], width: box[3], height: box[2])
        return try Resampler.resize(image, width: 224, height: 224, interpolation: interpolation, window: window)
    }
}
