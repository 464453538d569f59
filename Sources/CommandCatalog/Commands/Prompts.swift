import CommandSchema

extension Catalog {
    static let prompts = CommandDeclaration(
        name: "prompts", topic: .model,
        summary: "Learn visual prompts at the input of blocks",
        discussion: """
            VPT-deep (Jia et al. 2022): each of the first `layers` blocks is given `n` learned tokens before those of the \
            image and drops them after it. Drawn xavier-normal.
            """,
        options: [
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                "Blocks that have prompts, from the first", good: "6", bad: "0"),
            OptionDeclaration(
                "n", .integer, unit: "tokens", range: .within(1.0...4096), default: .value("10"), "Prompts a block", good: "5",
                bad: "0.5"),
            .flag("none", "No prompts"),
        ],
        constraints: [.alone("none"), .atMost(option: "layers", property: .modelDepth)],
        needs: [StateNeed(.modelLoaded)],
        examples: [
            CommandExample("Five prompts in each of six blocks", "load vit-nano\nprompts layers=6 n=5\nshow prompts\n"),
            CommandExample("No prompts", "load vit-nano\nmethod vpt\nprompts none\n"),
        ])
}
