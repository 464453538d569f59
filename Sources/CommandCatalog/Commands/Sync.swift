import CommandSchema

extension Catalog {
    static let sync = CommandDeclaration(
        name: "sync", topic: .files,
        summary: "Send MLflow what it has not got of a run",
        discussion: """
            For a run whose MLflow server was down, or whose process ended before all was sent: what waits in the run's folder goes to \
            the server or folder that `track` named.
            """,
        positionals: [OptionDeclaration("run", .path(PathUse(.folder)), default: .required, "Folder of a run", good: "\"runs/a\"", bad: "12")],
        result: [FieldDeclaration("figures", .integer, "Figures sent")],
        examples: [
            CommandExample(
                "Whatever is left", "load vit-nano\ndata glyphs\nmethod linear\ntrack mlflow=\"mlruns\"\ntrain steps=2 batch=16 -> fit\nsync $fit.run\n")
        ])
}
