import CommandSchema

extension Catalog {
    private static let placements = ["parallel", "sequential", "adaptformer"]

    static let adapter = CommandDeclaration(
        name: "adapter", topic: .model,
        summary: "Learn a bottleneck in each of the last blocks",
        discussion: """
            The backbone's own weights stay as `tune` has them. With A(x) = scale LN(up(relu(down x))), `parallel` turns a \
            block's x + mlp(LN2 x) into x + mlp(LN2 x) + A(x), x the stream after attention; `sequential` into \
            x + h + A(h), h the MLP's output. `down` starts Kaiming-uniform (a = sqrt 5), `up` and the biases start at zero.

            `adaptformer` is `parallel` as Chen et al. (2022) use it: a bottleneck of 64, scale 0.1, no norm, every block.
            """,
        positionals: [
            OptionDeclaration(
                "placement",
                .word([
                    WordChoice("parallel", "beside the MLP"),
                    WordChoice("sequential", "behind the MLP"),
                    WordChoice("adaptformer", "beside the MLP, with AdaptFormer's defaults"),
                    WordChoice("none", "no adapters"),
                ]), default: .required, "Where it stands", good: "parallel", bad: "paralel")
        ],
        options: [
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                variants: placements, "Blocks that have one, from the last", good: "6", bad: "0"),
            OptionDeclaration(
                "dim", .integer, range: .within(1.0...16384),
                default: .byVariant(["parallel": "256", "sequential": "256", "adaptformer": "64"]), variants: placements,
                "Width of the bottleneck", good: "64", bad: "0"),
            OptionDeclaration(
                "scale", .number, range: .nonzero, default: .byVariant(["parallel": "1", "sequential": "1", "adaptformer": "0.1"]),
                variants: placements, "What its output is multiplied by", good: "0.1", bad: "0"),
            OptionDeclaration(
                "ln",
                .word([
                    WordChoice("post", "after `up`, before the scale"), WordChoice("pre", "before `down`"), WordChoice("none", "nowhere"),
                ]), default: .byVariant(["parallel": "post", "sequential": "post", "adaptformer": "none"]), variants: placements,
                "Where its own layer norm stands", good: "pre", bad: "before"),
        ],
        constraints: [.atMost(option: "layers", property: .modelDepth)],
        needs: [StateNeed(.modelLoaded)],
        examples: [
            CommandExample(
                "The paper's adapter row",
                "load vit-nano\ndata glyphs\nproxies none\nprompts none\nadapter parallel layers=4 dim=32\ntrain steps=2 batch=16\n"),
            CommandExample("AdaptFormer", "load vit-nano\nmethod linear\nadapter adaptformer\nshow adapter\n"),
        ])
}
