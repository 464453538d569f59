import CommandSchema

extension Catalog {
    static let lora = CommandDeclaration(
        name: "lora", topic: .model,
        summary: "Learn low-rank updates of frozen weights",
        discussion: """
            LoRA (Hu et al. 2022): a frozen weight W acts as W + alpha / rank b a, where a (rank rows, Kaiming-uniform) and b \
            (rank columns, zero at first) learn. q, k, v and o are the attention's four maps, `mlp` both layers of the MLP. \
            Biases may learn beside it: `tune bitfit`.

            `save "weights.safetensors" merge` adds the updates to the weights and writes an ordinary backbone.
            """,
        options: [
            OptionDeclaration(
                "rank", .integer, range: .within(1.0...16384), default: .value("8"), "Rank of an update", good: "4", bad: "0"),
            OptionDeclaration(
                "targets",
                .list(of: .word([
                    WordChoice("q", "queries"), WordChoice("k", "keys"), WordChoice("v", "values"),
                    WordChoice("o", "the attention's output"), WordChoice("mlp", "both layers of the MLP"),
                ])), elements: ElementCount(1, 5), default: .value("[q, v]"), "Which weights of a block", good: "[q, k, v, o, mlp]", bad: "[]"),
            OptionDeclaration(
                "alpha", .number, range: .nonzero, default: .derived("the rank, so that the scale is 1"), "The update counts alpha / rank",
                good: "16", bad: "0"),
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                "Blocks that have updates, from the last", good: "6", bad: "0"),
            .flag("none", "No updates"),
        ],
        constraints: [.alone("none"), .atMost(option: "layers", property: .modelDepth)],
        needs: [StateNeed(.modelLoaded)],
        examples: [
            CommandExample(
                "Queries and values, rank 4, and the result as ordinary weights",
                """
                load vit-nano
                data glyphs
                method linear
                lora rank=4
                train steps=2 batch=16
                save "merged.safetensors" merge

                """)
        ])
}
