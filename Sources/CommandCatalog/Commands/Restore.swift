import CommandSchema

extension Catalog {
    static let restore = CommandDeclaration(
        name: "restore", topic: .files,
        summary: "Take up a saved model or a run",
        discussion: """
            A model file brings back what `save` wrote, with the backbone it names; another backbone is refused. The folder \
            of a run brings back everything: model, data, settings, optimiser; `train` then goes on where it stopped.
            """,
        positionals: [
            OptionDeclaration(
                "from", .path(PathUse(.fileOrFolder)), default: .required, "A model file or the folder of a run",
                good: "\"model.safetensors\"", bad: "12")
        ],
        gives: [.modelLoaded, .dataLoaded, .trained],
        properties: [.unknown(.modelDepth), .unknown(.trainingClasses), .unknown(.proxiesPerClass), .unknown(.semanticProxies)],
        examples: [
            CommandExample(
                "Go on with a run",
                "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain epochs=1 steps=1 batch=16 -> fit\nrestore $fit.run\ntrain epochs=1 steps=2 batch=16\n")
        ])
}
