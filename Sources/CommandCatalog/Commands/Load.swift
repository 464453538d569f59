import CommandSchema

extension Catalog {
    private static let own = ["vit"]

    static let load = CommandDeclaration(
        name: "load", topic: .model,
        summary: "Load a vision transformer",
        discussion: """
            The backbone stays frozen unless `tune` or `method` says otherwise.

            `vit-nano` ships with the program. The weights of `vit-s16` and `vit-b16` are looked for in $VPTSP_WEIGHTS \
            and in the Hugging Face cache, as timm safetensors or as the original AugReg `.npz`; `vptsp fetch vit-s16` \
            downloads them. A path names a file of either form. The file's classifier is ignored.

            `vit` is a transformer of any size; without `weights` it starts from random ones. With the file of a timm \
            network it takes sizes and layout from the tensors: plain ones (ViT, DeiT, DINO), DeiT with a distillation \
            token (the feature is the mean of both class tokens), layer scale (DINOv2, DeiT-3), registers, and CLIP's norm \
            before the blocks. What tensors do not tell is asked for: `heads` at an unusual width, `activation` for CLIP. \
            Networks without a class token, and names of other libraries, are refused with what to take instead.

            With another `image` than the file's, the position embedding is resampled (bicubic, as timm does it). Pixels \
            are normalised as `augment` says: `normalize=imagenet` for DeiT and DINO, `normalize=clip` for CLIP.
            """,
        positionals: [
            OptionDeclaration(
                "model",
                .word([
                    WordChoice("vit-nano", "image 48, patch 8, width 128, 6 blocks, 4 heads; pretrained on characters"),
                    WordChoice("vit-s16", "ViT-S/16 of ImageNet-21k (AugReg): image 224, width 384, 12 blocks, 6 heads"),
                    WordChoice("vit-b16", "ViT-B/16 of ImageNet-21k (AugReg): image 224, width 768, 12 blocks, 12 heads"),
                    WordChoice("vit", "any size"),
                ]), default: .required, "Which transformer", good: "vit-nano", bad: "vit-nanno")
        ],
        options: [
            OptionDeclaration(
                "weights",
                .either([
                    .word([
                        WordChoice("far", "of characters of other scripts only", variants: ["vit-nano"]),
                        WordChoice("near", "of other kanji too", variants: ["vit-nano"]),
                        WordChoice("random", "a function of `seed`"),
                    ]),
                    .path(PathUse(.file, suffixes: [".safetensors", ".npz"])),
                ]),
                default: .derived("far for vit-nano, random for vit, else the file that is found"),
                "Which weights: a word or a file", good: "random", bad: "nearby"),
            OptionDeclaration(
                "image", .integer, unit: "px", range: .within(4.0...4096), default: .derived("the file's, 224 without one"),
                variants: ["vit", "vit-s16", "vit-b16"],
                "Side of the square image", good: "64", bad: "0"),
            OptionDeclaration(
                "patch", .integer, unit: "px", range: .within(1.0...512), default: .derived("the file's, 16 without one"), variants: own,
                "Side of a patch; divides the image", good: "8", bad: "0"),
            OptionDeclaration(
                "dim", .integer, range: .within(1.0...16384), default: .derived("the file's, 384 without one"), variants: own,
                "Width of the token stream", good: "192", bad: "192.5"),
            OptionDeclaration(
                "depth", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("the file's, 12 without one"), variants: own,
                "Number of blocks", good: "6", bad: "0"),
            OptionDeclaration(
                "heads", .integer, range: .within(1.0...256), default: .derived("the usual ones of the file's width, 6 without a file"), variants: own,
                "Attention heads; divide the width", good: "3", bad: "-3"),
            OptionDeclaration(
                "mlp-ratio", .number, range: NumberRange(0, 64, excludesLower: true), default: .derived("the file's, 4 without one"),
                variants: own, "Width of the hidden layer over that of the stream", good: "4", bad: "0"),
            OptionDeclaration(
                "activation",
                .word([
                    WordChoice("gelu", "exact GELU: all but some CLIP networks"),
                    WordChoice("quick-gelu", "x sigma(1.702 x): OpenAI's CLIP, DFN, MetaCLIP"),
                ]), default: .derived("gelu, but asked for with a CLIP file"), variants: own, "What the hidden layer goes through",
                good: "quick-gelu", bad: "relu"),
        ],
        constraints: [
            .divides(divisor: "patch", dividend: "image", variants: own),
            .divides(divisor: "heads", dividend: "dim", variants: own),
        ],
        gives: [.modelLoaded], takes: [.trained],
        properties: [
            .constant(.modelDepth, variant: "vit-nano", 6),
            .constant(.modelDepth, variant: "vit-s16", 12),
            .constant(.modelDepth, variant: "vit-b16", 12),
            .option(.modelDepth, variant: "vit", option: "depth"),
        ],
        result: [
            FieldDeclaration("parameters", .integer, "Numbers in the backbone"),
            FieldDeclaration("width", .integer, "Width of the token stream"),
            FieldDeclaration("depth", .integer, unit: "blocks", "Number of blocks"),
        ],
        examples: [
            CommandExample("The small transformer that ships with the program", "load vit-nano weights=near\n"),
            CommandExample("One of another size, untrained", "load vit image=64 patch=8 dim=192 depth=6 heads=3\n"),
            CommandExample(
                "ViT-S/16 with random weights", "load vit-s16 weights=random -> model\nprint \"{$model.parameters} parameters\"\n"),
        ])
}
