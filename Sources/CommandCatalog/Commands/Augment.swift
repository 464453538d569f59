import CommandSchema

extension Catalog {
    static let augment = CommandDeclaration(
        name: "augment", topic: .data,
        summary: "Set how images are resized, cropped and varied",
        discussion: """
            `none` takes the pictures as they are, which asks for pictures of the model's size. `paper` trains on a random \
            resized crop with a horizontal flip. `crop` trains on the same picture that is evaluated. Evaluation scales \
            the shorter side to `resize` and takes the middle `crop` x `crop`, as Pillow does, antialiased.

            Without this command `glyphs` is taken as it is, and other images as by `augment paper`.
            """,
        positionals: [
            OptionDeclaration(
                "transform",
                .word([
                    WordChoice("none", "pictures as they are"),
                    WordChoice("paper", "random resized crop and flip"),
                    WordChoice("crop", "resize and middle crop, nothing random"),
                ]), default: .required, "What is done to a training image", good: "paper", bad: "papre")
        ],
        options: [
            OptionDeclaration(
                "resize", .integer, unit: "px", range: .within(1.0...8192), default: .derived("crop x 256/224"),
                variants: ["paper", "crop"], "Shorter side before the middle crop", good: "256", bad: "0"),
            OptionDeclaration(
                "crop", .integer, unit: "px", range: .within(1.0...8192), default: .derived("the model's image size"),
                variants: ["paper", "crop"], "Side of the crop", good: "224", bad: "-1"),
            OptionDeclaration(
                "scale", .interval, range: NumberRange(0, 1, excludesLower: true), default: .value("0.08..1"),
                variants: ["paper"], "Area of the random crop over that of the picture", good: "0.2..1", bad: "0.2..2"),
            OptionDeclaration(
                "ratio", .interval, range: .above(0), default: .value("0.75..1.3333333333333333"), variants: ["paper"],
                "Width over height of the random crop", good: "0.75..1.5", bad: "0..1"),
            OptionDeclaration(
                "flip", .number, range: .within(0.0...1), default: .value("0.5"), variants: ["paper"],
                "Probability of a horizontal flip", good: "0.5", bad: "1.5"),
            OptionDeclaration(
                "interpolation",
                .word([WordChoice("bilinear", "triangle filter"), WordChoice("bicubic", "cubic filter, a = -0.5")]),
                default: .value("bilinear"), variants: ["paper", "crop"], "Filter of the resampling", good: "bicubic",
                bad: "cubic"),
            OptionDeclaration(
                "normalize",
                .word([
                    WordChoice("half", "mean and deviation 0.5: the paper's ViTs and the embedded ones"),
                    WordChoice("imagenet", "ImageNet's: DeiT, DINO"),
                    WordChoice("clip", "CLIP's"),
                ]), default: .value("half"), "Mean and deviation of the pixels that the weights expect", good: "imagenet", bad: "inception"),
        ],
        constraints: [.notAbove(smaller: "crop", larger: "resize")],
        examples: [
            CommandExample("Pictures as they are", "load vit-nano\ndata glyphs\naugment none\neval\n"),
            CommandExample(
                "The paper's training images, less strongly cropped",
                "load vit-nano\ndata glyphs\naugment paper resize=56 crop=48 scale=0.5..1 flip=0\ntrain steps=1\n"),
            CommandExample(
                "Pixels as DINO's weights expect them",
                "load vit image=48 patch=8 dim=64 depth=2 heads=2\ndata glyphs\naugment none normalize=imagenet\neval\n"),
        ])
}
