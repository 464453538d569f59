import CommandSchema

extension Catalog {
    static let show = CommandDeclaration(
        name: "show", topic: .session,
        summary: "Print the settings in force",
        discussion: "Every value, those that nobody set too, on a terminal with colours in faint letters; behind each command where its values came from.",
        positionals: [
            OptionDeclaration(
                "part",
                .word(
                    ["load", "tune", "prompts", "adapter", "lora", "proxies", "head", "data", "augment", "loss", "optim", "schedule", "seed", "threads"]
                        .map { WordChoice($0, "what `\($0)` sets") }),
                default: .absent("all of them"), "Only what this command sets", good: "optim", bad: "optims")
        ],
        examples: [
            CommandExample("Everything", "load vit-nano\nmethod vptsp-g\nshow\n"), CommandExample("One part", "show optim\n"),
        ])
}
