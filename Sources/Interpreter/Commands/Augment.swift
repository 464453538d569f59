internal import Experiments
import VPSAnalysis

struct AugmentHandler: CommandHandler {
    static let name = "augment"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        var augmentation = AugmentationSpecification()
        switch try arguments.text("transform") {
        case "none": augmentation.kind = .none
        case "crop": augmentation.kind = .crop
        default: augmentation.kind = .paper
        }
        if augmentation.kind != .none {
            augmentation.resize = try arguments.optionalInteger("resize")
            augmentation.crop = try arguments.optionalInteger("crop")
            augmentation.interpolation = try arguments.text("interpolation") == "bicubic" ? .bicubic : .bilinear
        }
        if augmentation.kind == .paper {
            augmentation.scale = try arguments.interval("scale")
            augmentation.ratio = try arguments.interval("ratio")
            augmentation.flip = try arguments.number("flip")
        }
        augmentation.normalization = AugmentationSpecification.Normalization(rawValue: try arguments.text("normalize")) ?? .half
        try session.edit(arguments) { $0.augmentation = augmentation }
        return nil
    }
}
