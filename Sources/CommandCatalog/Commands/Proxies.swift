import CommandSchema

extension Catalog {
    private static let semantic = ["gru", "mean"]

    static let proxies = CommandDeclaration(
        name: "proxies", topic: .model,
        summary: "Choose what stands for a class in the loss",
        discussion: """
            Every class has a learned proxy O. `gru` and `mean` add semantic proxies P (Ren et al., ICLR 2024): each class \
            has prompts of its own; the backbone embeds the images of a batch once more under the prompts of their class, \
            and these embeddings update P by a gated recurrence (VPTSP-G) or by a moving mean (VPTSP-M). The loss sees \
            normalize((1 - alpha) P + alpha O). `none` leaves O alone.

            Nothing of this is needed after training.
            """,
        positionals: [
            OptionDeclaration(
                "integration",
                .word([
                    WordChoice("gru", "gated recurrence over a class's images: VPTSP-G"),
                    WordChoice("mean", "moving mean: VPTSP-M"),
                    WordChoice("none", "learned proxies only"),
                ]), default: .required, "How images become semantic proxies", good: "gru", bad: "gruu")
        ],
        options: [
            OptionDeclaration(
                "alpha", .number, range: .within(0.0...1), default: .value("0.5"), variants: semantic,
                "Weight of the learned proxy O", good: "0.3", bad: "1.5"),
            OptionDeclaration(
                "keep", .number, range: .within(0.0...1), default: .value("0.8"), variants: ["mean"],
                "What a step keeps of the old semantic proxy", good: "0.8", bad: "-0.1"),
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                variants: semantic, "Blocks that have class prompts, from the first", good: "6", bad: "0"),
            OptionDeclaration(
                "n", .integer, unit: "tokens", range: .within(1.0...4096), default: .value("3"), variants: semantic,
                "Class prompts a block, for each class", good: "3", bad: "0"),
            OptionDeclaration(
                "norm",
                .word([
                    WordChoice("each", "after each image: the paper's equation"),
                    WordChoice("last", "after the last image: the authors' program"),
                ]), default: .value("each"), variants: ["gru"], "When the recurrence normalises", good: "last", bad: "first"),
            OptionDeclaration(
                "cell", .word([WordChoice("relu", "the paper's"), WordChoice("tanh", "the ordinary GRU's")]),
                default: .value("relu"), variants: ["gru"], "Activation of the candidate", good: "tanh", bad: "gelu"),
            OptionDeclaration(
                "range",
                .word([
                    WordChoice("all", "every training class"), WordChoice("batch", "the classes of the batch"),
                ]), default: .value("all"), "Whose proxies the loss sees", good: "batch", bad: "none"),
        ],
        constraints: [.atMost(option: "layers", property: .modelDepth)],
        needs: [StateNeed(.modelLoaded)],
        properties: [.constant(.semanticProxies, variant: "none", 0)] + semantic.map { .constant(.semanticProxies, variant: $0, 1) },
        examples: [
            CommandExample(
                "VPTSP-G with class prompts in six blocks",
                "load vit-nano\ndata glyphs\nprompts layers=6 n=5\nproxies gru alpha=0.5 layers=6 n=3\ntrain steps=2 batch=16\n"),
            CommandExample(
                "VPTSP-M", "load vit-nano\ndata glyphs\nproxies mean keep=0.9 n=2\ntrain steps=2 batch=16\n"),
        ])
}
