import CommandSchema

extension Catalog {
    static let export = CommandDeclaration(
        name: "export", topic: .files,
        summary: "Write the trained embedder for another program",
        discussion: """
            The file holds all that turns an image into an embedding and needs nothing beside it: the backbone with what was \
            tuned and low-rank updates in its weights, prompts, adapters, head. What an image goes through before the network \
            stands in the file's metadata. Docs/ecosystem.md has the lines of Python that read each format.

            `timm` writes safetensors; `onnx` one graph of operator set 17 from `images` (batch, 3, side, side) to `embeddings` \
            (batch, dim), prompts inside as the keys and values that they give each block.
            """,
        positionals: [
            OptionDeclaration(
                "format",
                .word([
                    WordChoice("timm", "safetensors under timm's names, for PyTorch"),
                    WordChoice("onnx", "an ONNX graph, for onnxruntime and its like"),
                ]), default: .required, "For which program", good: "onnx", bad: "onxx"),
            OptionDeclaration(
                "file", .path(PathUse(.output, suffixes: [".safetensors", ".onnx"])), default: .required, "The file to write",
                good: "\"embedder.onnx\"", bad: "\"embedder.bin\""),
        ],
        constraints: [
            .ending(option: "file", suffix: ".safetensors", variant: "timm"), .ending(option: "file", suffix: ".onnx", variant: "onnx"),
        ],
        needs: [StateNeed(.modelLoaded), StateNeed(.trained)],
        result: [FieldDeclaration("file", .text, "The file"), FieldDeclaration("parameters", .integer, "Numbers written")],
        examples: [
            CommandExample("For onnxruntime", "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain steps=1 batch=16\nexport onnx \"embedder.onnx\"\n"),
            CommandExample("For timm", "load vit-nano\ndata glyphs\nmethod lora\ntrain steps=1 batch=16\nexport timm \"embedder.safetensors\"\n"),
        ])
}
