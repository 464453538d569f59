import CommandSchema

extension Catalog {
    static let save = CommandDeclaration(
        name: "save", topic: .files,
        summary: "Write the trained model to a file, or the settings to a script",
        discussion: """
            The ending of the file's name says what is written. `save "settings.vps"` writes the shortest script that gives the \
            settings in force, `save "settings.vps" full` one with every value. `save "model.safetensors"` writes the model:

            what was trained, not the backbone that was not; the file names the backbone's weights and their SHA-256. \
            `whole` writes the backbone too. `merge` writes the backbone alone, tuned weights and low-rank updates in their \
            places, as ordinary timm weights that `load … weights=` takes; a model with prompts or adapters is more than \
            such a file can hold. Class prompts with `update=touched` go to a file beside it, \
            `model.class-prompts.bank`, which only further training needs.
            """,
        positionals: [
            OptionDeclaration(
                "file", .path(PathUse(.output, suffixes: [".safetensors", ".vps"])), default: .required, "The file to write",
                good: "\"model.safetensors\"", bad: "\"model.bin\"")
        ],
        options: [.flag("whole", "The whole backbone too"), .flag("merge", "The backbone alone, as ordinary weights"), .flag("full", "Into a script every value, defaults too")],
        constraints: [.exclusive(["whole", "merge", "full"])],
        needs: [StateNeed(.modelLoaded, unlessFile: ".vps"), StateNeed(.trained, unlessFile: ".vps")],
        result: [FieldDeclaration("file", .text, "The file"), FieldDeclaration("parameters", .integer, "Numbers written")],
        examples: [
            CommandExample(
                "Save and take up again",
                "load vit-nano\ndata glyphs\nmethod vpt\ntrain steps=1 batch=16\nsave \"model.safetensors\"\nrestore \"model.safetensors\"\neval\n"),
            CommandExample("The settings, to begin with another time", "load vit-nano\nmethod vptsp-g\noptim adamw lr=1e-3\nsave \"settings.vps\"\n"),
        ])
}
