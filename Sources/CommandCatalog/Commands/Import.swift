import CommandSchema

extension Catalog {
    static let `import` = CommandDeclaration(
        name: "import", topic: .files,
        summary: "Take up a checkpoint of the paper's own program",
        discussion: """
            Reads the network's `state_dict` as the program of Ren et al. names it, alone or inside a dictionary: a `.pth` file of `torch.save`, or \
            the same names as safetensors. The `.pth` is read and not executed: anything in it but tensors, dictionaries and plain values is \
            refused by its name. Load the backbone first; what of it differs in the file was tuned.

            Prompts, class prompts, heads, proxies and recurrence tell the settings. What tensors do not tell stays as it is set: `step` of \
            prompts and class prompts, `alpha`, `keep`, `norm`, `cell`, `dropout`; so give the run's `prompts` and `proxies` before. What is not \
            mapped is said. Adapters and distilled networks have no counterpart here. `save` and `restore` then make it a model to train on from.
            """,
        positionals: [
            OptionDeclaration(
                "file", .path(PathUse(.file, suffixes: [".pth", ".pt", ".safetensors"])), default: .required, "The checkpoint", good: "\"checkpoint.pth\"",
                bad: "\"checkpoint.bin\"")
        ],
        needs: [StateNeed(.modelLoaded)], gives: [.trained],
        properties: [.unknown(.proxiesPerClass), .unknown(.semanticProxies)],
        result: [
            FieldDeclaration("parameters", .integer, "Numbers taken"), FieldDeclaration("classes", .integer, "Training classes of the checkpoint"),
            FieldDeclaration("left-out", .integer, "Tensors without a place here"),
        ],
        examples: [
            CommandExample(
                "Evaluate it here", "load vit-nano\ndata glyphs\nprompts layers=2 n=4 step=1\nimport \"checkpoint.safetensors\"\neval\n",
                files: [ExampleFile("checkpoint.safetensors", .authorsCheckpoint)])
        ])
}
