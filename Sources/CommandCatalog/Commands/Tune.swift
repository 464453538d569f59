import CommandSchema

extension Catalog {
    static let tune = CommandDeclaration(
        name: "tune", topic: .model,
        summary: "Choose which weights of the backbone are trained",
        discussion: "Head, proxies, prompts, adapters and low-rank updates are trained whatever this says.",
        positionals: [
            OptionDeclaration(
                "what",
                .word([
                    WordChoice("none", "the backbone stays frozen"),
                    WordChoice("bitfit", "every bias (Ben Zaken et al. 2022)"),
                    WordChoice("full", "everything"),
                ]), default: .required, "Which weights", good: "bitfit", bad: "bitfti")
        ],
        options: [
            OptionDeclaration(
                "freeze",
                .word([
                    WordChoice("patch-embedding", "the projection of patches to tokens, as Hyp-ViT does (Ermolov et al. 2022)"),
                    WordChoice("none", "nothing"),
                ]), default: .value("none"), variants: ["full"], "What stays as it was", good: "patch-embedding", bad: "patches")
        ],
        examples: [
            CommandExample(
                "Prompts and biases", "load vit-nano\ndata glyphs\nprompts n=5\ntune bitfit\ntrain steps=2 batch=16\n")
        ])
}
