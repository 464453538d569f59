import CommandSchema

extension Catalog {
    static let tune = CommandDeclaration(
        name: "tune", topic: .model,
        summary: "Choose which weights of the backbone are trained",
        discussion: "Head, proxies and prompts are trained whatever this says.",
        positionals: [
            OptionDeclaration(
                "what",
                .word([
                    WordChoice("none", "the backbone stays frozen"),
                    WordChoice("bitfit", "every bias (Ben Zaken et al. 2022)"),
                    WordChoice("full", "everything"),
                ]), default: .required, "Which weights", good: "bitfit", bad: "bitfti")
        ],
        examples: [
            CommandExample(
                "Prompts and biases", "load vit-nano\ndata glyphs\nprompts n=5\ntune bitfit\ntrain steps=2 batch=16\n")
        ])
}
