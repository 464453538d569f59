import CommandSchema

extension Catalog {
    private static let semantic = ["gru", "mean"]
    private static let anySemantic = ["gru", "mean", "simple"]

    static let proxies = CommandDeclaration(
        name: "proxies", topic: .model,
        summary: "Choose what stands for a class in the loss",
        discussion: """
            Every class has a learned proxy O. `gru` and `mean` add semantic proxies P (Ren et al., ICLR 2024): each class \
            has prompts of its own; the backbone embeds the images of a batch once more under the prompts of their class, \
            and these embeddings update P by a gated recurrence (VPTSP-G) or by a moving mean (VPTSP-M). The loss sees \
            normalize((1 - alpha) P + alpha O). `none` leaves O alone.

            `simple` proxies are made without class prompts, from the batch's own features (`prompts=generic`) or from \
            features that no prompt has touched (`prompts=none`); `integrate` says how.

            `dropout` sets a share of the values of each new state of the recurrence to zero in training, and scales the \
            others up by as much, before the state is normalised (as the authors' program; their SOP and In-Shop recipes \
            take 0.1 to 0.5).

            With many classes their prompts outgrow memory: C x layers x n x width numbers, and two or three times that with \
            the optimiser. `update=touched` keeps in memory those of the batch's classes alone. A class has momentum and steps of its \
            own; nothing acts on the classes that are not in the batch. See Docs/memory.md.

            Nothing of this is needed after training.
            """,
        positionals: [
            OptionDeclaration(
                "integration",
                .word([
                    WordChoice("gru", "gated recurrence over a class's images: VPTSP-G"),
                    WordChoice("mean", "moving mean: VPTSP-M"),
                    WordChoice("simple", "without class prompts, by recurrence or mean"),
                    WordChoice("none", "learned proxies only"),
                ]), default: .required, "How images become semantic proxies", good: "gru", bad: "gruu")
        ],
        options: [
            OptionDeclaration(
                "alpha", .number, range: .within(0.0...1), default: .value("0.5"), variants: anySemantic,
                "Weight of the learned proxy O", good: "0.3", bad: "1.5"),
            OptionDeclaration(
                "integrate", .word([WordChoice("gru", "gated recurrence"), WordChoice("mean", "moving mean")]), default: .value("gru"),
                variants: ["simple"], "How images become simple proxies", good: "mean", bad: "sum"),
            OptionDeclaration(
                "prompts",
                .word([
                    WordChoice("generic", "those of `prompts`: the batch's own features"), WordChoice("none", "none at all"),
                ]), default: .value("generic"), variants: ["simple"], "What the features of simple proxies have seen", good: "none", bad: "class"),
            OptionDeclaration(
                "keep", .number, range: .within(0.0...1), default: .value("0.8"), variants: ["mean", "simple"],
                "What a step keeps of the old semantic proxy", good: "0.8", bad: "-0.1"),
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                variants: semantic, "Blocks that have class prompts, from the first", good: "6", bad: "0"),
            OptionDeclaration(
                "n", .integer, unit: "tokens", range: .within(1.0...4096), default: .value("3"), variants: semantic,
                "Class prompts a block, for each class", good: "3", bad: "0"),
            OptionDeclaration(
                "step", .integer, unit: "tokens", range: .within(0.0...4096), default: .value("0"), variants: semantic,
                "How many fewer class prompts each block has than the one before it", good: "1", bad: "-1"),
            OptionDeclaration(
                "norm",
                .word([
                    WordChoice("each", "after each image: the paper's equation"),
                    WordChoice("last", "after the last image: the authors' program"),
                ]), default: .value("each"), variants: ["gru", "simple"], "When the recurrence normalises", good: "last", bad: "first"),
            OptionDeclaration(
                "cell", .word([WordChoice("relu", "the paper's"), WordChoice("tanh", "the ordinary GRU's")]),
                default: .value("relu"), variants: ["gru", "simple"], "Activation of the candidate", good: "tanh", bad: "gelu"),
            OptionDeclaration(
                "dropout", .number, range: .within(0.0..<1.0), default: .value("0"), variants: ["gru", "simple"],
                "Share of each new state of the recurrence that is dropped in training", good: "0.1", bad: "1"),
            OptionDeclaration(
                "update",
                .word([
                    WordChoice("dense", "all of them, as one parameter in memory: momentum and decay act at every step"),
                    WordChoice("touched", "those of the batch's classes; all others, with what the optimiser remembers of them, lie in a file of the run's folder"),
                ]), default: .value("dense"), variants: ["gru", "mean"], "Which class prompts a step moves", good: "touched", bad: "sparse"),
            OptionDeclaration(
                "range",
                .word([
                    WordChoice("all", "every training class"), WordChoice("batch", "the classes of the batch"),
                ]), default: .value("all"), variants: anySemantic, "Whose proxies the loss sees", good: "batch", bad: "none"),
        ],
        constraints: [
            .atMost(option: "layers", property: .modelDepth),
            .belong(options: ["keep"], to: "integrate", value: "mean"),
            .belong(options: ["norm", "cell", "dropout"], to: "integrate", value: "gru"),
        ],
        needs: [StateNeed(.modelLoaded)],
        properties: [.constant(.semanticProxies, variant: "none", 0)] + anySemantic.map { .constant(.semanticProxies, variant: $0, 1) },
        examples: [
            CommandExample(
                "VPTSP-G with class prompts in six blocks",
                "load vit-nano\ndata glyphs\nprompts layers=6 n=5\nproxies gru alpha=0.5 layers=6 n=3\ntrain steps=2 batch=16\n"),
            CommandExample(
                "Class prompts on disk, for many classes",
                "load vit-nano\ndata glyphs\nproxies gru n=5 update=touched\noptim adamw\ntrain steps=2 batch=16 per-class=1\n"),
            CommandExample(
                "VPTSP-M", "load vit-nano\ndata glyphs\nproxies mean keep=0.9 n=2\ntrain steps=2 batch=16\n"),
            CommandExample(
                "Without class prompts: the batch's own features, by a moving mean",
                "load vit-nano\ndata glyphs\nprompts n=5\nproxies simple integrate=mean keep=0.8\ntrain steps=2 batch=16\n"),
        ])
}
