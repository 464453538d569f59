import CommandSchema

extension Catalog {
    static let resume = CommandDeclaration(
        name: "resume", topic: .training,
        summary: "Go on with a run wherever it was stopped or killed",
        discussion: """
            Takes the run's settings from its folder and trains to the end that it was to have, to the same bytes as a run that nothing \
            disturbed: from its newest checkpoint, from the one before where that is damaged, and from the beginning where there \
            is none yet. Weights and pictures must be those that the run began with. A run that is trained to its end is left as it is.

            `restore` and `train` do the same for those who want to ask for more epochs.
            """,
        positionals: [
            OptionDeclaration("run", .path(PathUse(.folder)), default: .required, "Folder of the run", good: "\"runs/a\"", bad: "12")
        ],
        gives: [.modelLoaded, .dataLoaded, .trained],
        properties: [.unknown(.modelDepth), .unknown(.trainingClasses), .unknown(.proxiesPerClass), .unknown(.semanticProxies)],
        outputFolder: "runs",
        result: train.result.map { field in
            var field = field
            // Whether there were evaluations on the way is the run's to say.
            if case .possible = field.presence { field.presence = .sometimes }
            return field
        },
        examples: [
            CommandExample(
                "Of a run that is over, nothing is left to do",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16 -> fit\nresume $fit.run -> again\nprint \"{$again.steps} steps\"\n")
        ])
}
