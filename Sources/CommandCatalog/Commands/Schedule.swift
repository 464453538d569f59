import CommandSchema

extension Catalog {
    static let schedule = CommandDeclaration(
        name: "schedule", topic: .training,
        summary: "Choose how the learning rates fall",
        discussion: """
            Both rates follow it, epoch by epoch, as PyTorch's schedules of the same names; without this command they \
            follow `cosine` over the epochs of `train`. `epochs` may be more than are trained: the rate then ends before \
            its lowest point, as in the paper's recipes.

            Two things may come first. In `warmup` epochs the rates rise. In `freeze-epochs` only heads, recurrence and \
            proxies learn, and nothing inside the backbone: no prompt, no bias, no weight of it (Proxy-Anchor's program \
            does this for one epoch). The rates run on meanwhile.
            """,
        positionals: [
            OptionDeclaration(
                "shape",
                .word([
                    WordChoice("cosine", "half a cosine down to `min`"),
                    WordChoice("step", "times `gamma` every `step` epochs"),
                    WordChoice("multistep", "times `gamma` at each of `milestones`"),
                    WordChoice("linear", "a straight line down to `min`"),
                    WordChoice("constant", "stays"),
                ]), default: .required, "The curve", good: "cosine", bad: "cosin")
        ],
        options: [
            OptionDeclaration(
                "epochs", .integer, unit: "epochs", range: .within(1.0...1_000_000), default: .derived("those of `train`"),
                variants: ["cosine", "linear"], "Length of the curve", good: "50", bad: "0"),
            OptionDeclaration(
                "min", .number, range: .atLeast(0), default: .value("0"), variants: ["cosine", "linear"],
                "Rate at the end of the curve", good: "1e-8", bad: "-1"),
            OptionDeclaration(
                "step", .integer, unit: "epochs", range: .within(1.0...1_000_000), default: .value("10"), variants: ["step"],
                "Epochs between two falls", good: "5", bad: "0"),
            OptionDeclaration(
                "milestones", .list(of: .integer), unit: "epochs", range: .within(1.0...1_000_000),
                elements: ElementCount(1, increasing: true), default: .required, variants: ["multistep"], "Epochs of the falls",
                good: "[10, 20]", bad: "[20, 10]"),
            OptionDeclaration(
                "gamma", .number, range: NumberRange(0, 1, excludesLower: true),
                default: .byVariant(["step": "0.5", "multistep": "0.1"]), variants: ["step", "multistep"],
                "Factor of a fall", good: "0.5", bad: "2"),
            OptionDeclaration(
                "warmup", .integer, unit: "epochs", range: .within(0.0...100_000), default: .value("0"),
                "Epochs in which the rate first rises in a straight line", good: "2", bad: "-1"),
            OptionDeclaration(
                "freeze-epochs", .integer, unit: "epochs", range: .within(0.0...100_000), default: .value("0"),
                "First epochs in which only heads, recurrence and proxies learn", good: "1", bad: "-1"),
        ],
        examples: [
            CommandExample(
                "The schedule of the paper's CUB recipe",
                "load vit-nano\ndata glyphs\nschedule cosine epochs=50 min=1e-8\ntrain steps=2 batch=16\n"),
            CommandExample(
                "Full fine-tuning after an epoch of head and proxies",
                "load vit-nano\ndata glyphs\nmethod full\nschedule cosine freeze-epochs=1\ntrain epochs=2 steps=2 batch=16\n"),
            CommandExample(
                "Two falls after a warm-up",
                "load vit-nano\ndata glyphs\nschedule multistep milestones=[10, 15] gamma=0.1 warmup=1\ntrain steps=2 batch=16\n"),
        ])
}
