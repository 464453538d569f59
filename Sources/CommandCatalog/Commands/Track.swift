import CommandSchema

extension Catalog {
    static let track = CommandDeclaration(
        name: "track", topic: .training,
        summary: "Say who else is told the figures of a training",
        discussion: """
            `tensorboard` writes event files into each run's folder, so that `tensorboard --logdir runs` shows every run under its \
            name. `mlflow` names a tracking server or the folder of a file store: a run there has every setting as a parameter, the \
            figures of steps, epochs and evaluations, and the script. The results of a training do not depend on either.

            A server that is down or slow stops nothing: figures wait in `mlflow.jsonl` in the run's folder, up to 16 MiB of steps, \
            and are sent once it answers, later by `sync` too. What is dropped is said. The next `track` replaces this one.
            """,
        options: [
            .flag("tensorboard", "Event files of TensorBoard in the run's folder"),
            OptionDeclaration(
                "mlflow", .text, default: .absent("no MLflow"), "Address of an MLflow server, or folder of a file store",
                good: "\"http://127.0.0.1:5000\"", bad: "12"),
            OptionDeclaration("experiment", .text, default: .value("vptsp"), "Experiment of MLflow that runs belong to", good: "cub200", bad: "12"),
            .flag("none", "Nobody"),
        ],
        constraints: [
            .alone("none"), .onlyWith(options: ["experiment"], other: "mlflow"),
            .never(
                [.absent("tensorboard"), .absent("mlflow"), .absent("experiment"), .absent("none")], because: "`track` says where figures go",
                help: ["track tensorboard", "track mlflow=\"mlruns\"", "track none"]),
        ],
        examples: [
            CommandExample("Both", "load vit-nano\ndata glyphs\nmethod linear\ntrack tensorboard mlflow=\"mlruns\" experiment=glyphs\ntrain steps=2 batch=16\n")
        ])
}
