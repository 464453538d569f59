import CommandSchema

extension Catalog {
    private static let moments = ["adam", "adamw"]

    static let optim = CommandDeclaration(
        name: "optim", topic: .training,
        summary: "Choose the optimiser and its rates",
        discussion: """
            Computed as PyTorch does. The learned proxies have a rate of their own, usually 10 to 100 times the other. \
            AdamW decays weights directly, the others through the gradient. `clip-norm` and `clip-value` act on all \
            gradients of a step before the optimiser sees them.
            """,
        positionals: [
            OptionDeclaration(
                "name",
                .word([
                    WordChoice("sgd", "with momentum"), WordChoice("adam", "Kingma and Ba 2015"),
                    WordChoice("adamw", "Loshchilov and Hutter 2019"),
                ]), default: .required, "Which optimiser", good: "adamw", bad: "adamx")
        ],
        options: [
            OptionDeclaration(
                "lr", .number, range: .above(0), default: .byVariant(["sgd": "5e-3", "adam": "5e-4", "adamw": "5e-4"]),
                "Learning rate", good: "1e-3", bad: "0"),
            OptionDeclaration(
                "head-lr", .number, range: .above(0), default: .derived("`lr`"),
                "Learning rate of the head and of the semantic proxies' head", good: "1e-2", bad: "0"),
            OptionDeclaration(
                "proxy-lr", .number, range: .above(0), default: .byVariant(["sgd": "0.1", "adam": "0.01", "adamw": "0.01"]),
                "Learning rate of the learned proxies", good: "0.02", bad: "-0.1"),
            OptionDeclaration(
                "weight-decay", .number, range: .atLeast(0),
                default: .byVariant(["sgd": "1e-6", "adam": "0", "adamw": "0"]), "Weight decay", good: "1e-4", bad: "-1e-4"),
            OptionDeclaration(
                "momentum", .number, range: .within(0.0..<1.0), default: .value("0.9"), variants: ["sgd"], "Momentum",
                good: "0.9", bad: "1"),
            .flag("nesterov", variants: ["sgd"], "Step from where the momentum will have led"),
            OptionDeclaration(
                "betas", .list(of: .number), range: .within(0.0..<1.0), elements: .exactly(2), default: .value("[0.9, 0.999]"),
                variants: moments, "Decay of the first and of the second moment", good: "[0.9, 0.99]", bad: "[0.9]"),
            OptionDeclaration(
                "eps", .number, range: .above(0), default: .value("1e-8"), variants: moments,
                "Added to the root of the second moment", good: "1e-6", bad: "0"),
            OptionDeclaration(
                "clip-norm", .number, range: .above(0), default: .absent("not clipped"),
                "Largest norm of all gradients together", good: "3", bad: "0"),
            OptionDeclaration(
                "clip-value", .number, range: .above(0), default: .absent("not clipped"),
                "Largest size of each gradient", good: "10", bad: "0"),
        ],
        constraints: [.exclusive(["clip-norm", "clip-value"])],
        examples: [
            CommandExample(
                "The rates of the paper's CUB recipe",
                "load vit-nano\ndata glyphs\noptim sgd lr=5e-3 proxy-lr=0.1 momentum=0.9 weight-decay=1e-6\ntrain steps=2 batch=16\n"),
            CommandExample(
                "Nesterov's momentum, and a faster head",
                "load vit-nano\ndata glyphs\ntune full\nprompts none\noptim sgd lr=1e-4 head-lr=1e-2 momentum=0.9 nesterov\ntrain steps=2 batch=16\n"),
            CommandExample(
                "AdamW with clipped gradients",
                "load vit-nano\ndata glyphs\noptim adamw lr=1e-3 betas=[0.9, 0.99] clip-norm=3\ntrain steps=2 batch=16\n"),
        ])
}
