import CommandSchema

extension Catalog {
    static let seed = CommandDeclaration(
        name: "seed", topic: .training,
        summary: "Set the number from which every random draw follows",
        discussion: """
            First weights, batches and augmentation are functions of it. The same script with the same seed gives the same \
            bytes, whatever the number of threads. 0 unless set.
            """,
        positionals: [
            OptionDeclaration(
                "number", .integer, range: .within(0.0...9_007_199_254_740_992), default: .required, "The seed", good: "7",
                bad: "-1")
        ],
        examples: [
            CommandExample(
                "Three seeds", "load vit-nano\ndata glyphs\nfor s in 0..2 {\n  seed $s\n  train steps=1 batch=16\n}\n")
        ])
}
