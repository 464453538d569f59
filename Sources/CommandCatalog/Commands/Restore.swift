import CommandSchema

extension Catalog {
    static let restore = CommandDeclaration(
        name: "restore", topic: .files,
        summary: "Take up a saved model or a run",
        discussion: """
            A model file brings back what `save` wrote, with the backbone it names; another backbone is refused. The folder \
            of a run brings back everything: model, data, settings, optimiser; `train` then goes on where it stopped.

            A run that was evaluated on the way also keeps the models of two epochs: `epoch=chosen` takes the one that did best on \
            the validation classes, `epoch=best` the one that did best on the test classes. `train` then begins a new run that starts from it.
            """,
        positionals: [
            OptionDeclaration(
                "from", .path(PathUse(.fileOrFolder)), default: .required, "A model file or the folder of a run",
                good: "\"model.safetensors\"", bad: "12")
        ],
        options: [
            OptionDeclaration(
                "epoch",
                .word([
                    WordChoice("last", "where training stands"), WordChoice("chosen", "the epoch that did best on the validation classes"),
                    WordChoice("best", "the epoch that did best on the test classes"),
                ]), default: .absent("where a run stands"), "Of a run, which of its models", good: "chosen", bad: "first")
        ],
        gives: [.modelLoaded, .dataLoaded, .trained],
        properties: [.unknown(.modelDepth), .unknown(.trainingClasses), .unknown(.proxiesPerClass), .unknown(.semanticProxies)],
        examples: [
            CommandExample(
                "Go on with a run",
                "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain epochs=1 steps=1 batch=16 -> fit\nrestore $fit.run\ntrain epochs=1 steps=2 batch=16\n"),
            CommandExample(
                "The epoch that did best on classes held out",
                "load vit-nano\ndata folder path=\"birds\" validate=0.4\nmethod linear\ntrain epochs=2 batch=2 evaluate=1 -> fit\nrestore $fit.run epoch=chosen\neval\n",
                files: [ExampleFile("birds", .imageFolder)]),
        ])
}
