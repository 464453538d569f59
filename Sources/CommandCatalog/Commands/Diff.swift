import CommandSchema

extension Catalog {
    static let diff = CommandDeclaration(
        name: "diff", topic: .session,
        summary: "Say what differs between two runs, or a run and the settings in force",
        discussion: """
            Settings with another value on one side than on the other, those included that nobody set; then what the runs \
            measured. With one run the other side is the session.
            """,
        positionals: [
            OptionDeclaration("run", .path(PathUse(.folder)), default: .required, "The folder of a run", good: "\"runs/first\"", bad: "12"),
            OptionDeclaration(
                "other", .path(PathUse(.folder)), default: .absent("the settings in force"), "The folder of another one", good: "\"runs/second\"", bad: "12"),
        ],
        result: [FieldDeclaration("settings", .integer, "Settings that differ")],
        examples: [
            CommandExample(
                "A run and what has changed since",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=1 batch=16 -> fit\noptim sgd lr=0.1\ndiff $fit.run\n")
        ])
}
