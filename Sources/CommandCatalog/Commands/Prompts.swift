import CommandSchema

extension Catalog {
    static let prompts = CommandDeclaration(
        name: "prompts", topic: .model,
        summary: "Learn visual prompts",
        discussion: """
            Tokens that learn beside those of the image (Jia et al. 2022), drawn xavier-normal. `deep`: each of the first \
            `layers` blocks is given `n` of its own and drops them after it; with `step=s` the block l, from 0, has \
            max(n - l s, 0). A model holds and counts the prompts that its blocks use and no others. `shallow`: one set \
            enters with the image and stays in the sequence to the end.
            """,
        options: [
            OptionDeclaration(
                "layers", .integer, unit: "blocks", range: .within(1.0...256), default: .derived("every block of the model"),
                "Blocks that have prompts, from the first", good: "6", bad: "0"),
            OptionDeclaration(
                "n", .integer, unit: "tokens", range: .within(1.0...4096), default: .value("10"), "Prompts a block", good: "5",
                bad: "0.5"),
            OptionDeclaration(
                "where",
                .word([
                    WordChoice("deep", "each block has its own"), WordChoice("shallow", "one set at the input, kept to the end"),
                ]), default: .value("deep"), "Which blocks they are for", good: "shallow", bad: "inside"),
            OptionDeclaration(
                "step", .integer, unit: "tokens", range: .within(0.0...4096), default: .value("0"),
                "How many fewer each block has than the one before it", good: "2", bad: "-1"),
            .flag("none", "No prompts"),
        ],
        constraints: [
            .alone("none"), .belong(options: ["layers", "step"], to: "where", value: "deep"), .atMost(option: "layers", property: .modelDepth),
        ],
        needs: [StateNeed(.modelLoaded)],
        examples: [
            CommandExample("Five prompts in each of six blocks", "load vit-nano\nprompts layers=6 n=5\nshow prompts\n"),
            CommandExample("Fewer and fewer in later blocks", "load vit-nano\nprompts n=20 step=4\nshow prompts\n"),
            CommandExample("One set at the input", "load vit-nano\nprompts where=shallow n=20\n"),
            CommandExample("No prompts", "load vit-nano\nmethod vpt\nprompts none\n"),
        ])
}
