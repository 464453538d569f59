import CommandSchema

extension Catalog {
    static let replay = CommandDeclaration(
        name: "replay", topic: .training,
        summary: "Repeat a run from its folder, and say whether it comes out the same",
        discussion: """
            Trains the settings of the run's manifest once more, in a fresh folder, as far as the run went, with the threads that it had; what \
            `eval` measured of its end is measured again. Then the bytes of the two checkpoints, the losses of all steps and all figures are held \
            against each other. Where data, weights or the model that it started from are no longer the same by their hashes, that is \
            said and nothing is trained. Program, processor, BLAS kernels and threads that differ are named too: bytes are equal on any \
            number of threads, and within one kind of processor.

            Fails when anything is not equal: `vptsp replay` then ends with status 70. The session's own settings and model stay as they are.
            """,
        positionals: [
            OptionDeclaration("run", .path(PathUse(.folder)), default: .required, "Folder of the run", good: "\"runs/a\"", bad: "12")
        ],
        options: [
            OptionDeclaration("threads", .integer, range: .within(1.0...1024), default: .derived("those that the run had"), "Threads of the engine", good: "1", bad: "0"),
            OptionDeclaration(
                "format", .word([WordChoice("text", "for people"), WordChoice("json", "an object")]), default: .value("text"), "How to say what was found",
                good: "json", bad: "xml"),
        ],
        outputFolder: "runs",
        result: [
            FieldDeclaration("run", .text, "Folder of the repetition"), FieldDeclaration("steps", .integer, "Steps whose losses were compared"),
            FieldDeclaration("figures", .integer, "Other figures that were compared"),
        ],
        examples: [
            CommandExample(
                "Three steps, twice",
                "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain epochs=1 steps=3 batch=16 -> fit\nreplay $fit.run -> again\nprint \"{$again.steps} losses are the same\"\n")
        ])
}
