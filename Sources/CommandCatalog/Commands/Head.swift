import CommandSchema

extension Catalog {
    static let head = CommandDeclaration(
        name: "head", topic: .model,
        summary: "Set the layer between the backbone and the embedding",
        discussion: """
            LayerNorm, then Linear to `dim`; then the embedding is normalised, or mapped to the ball of `loss hyperbolic`. `xavier` is the paper's start; `orthogonal` keeps the \
            geometry of the frozen features, so that training starts from what they can do. `none` takes the backbone's \
            class token itself, normalised: what `eval` shows then is the frozen features' figure.
            """,
        options: [
            OptionDeclaration(
                "dim", .integer, range: .within(1.0...16384), default: .derived("the model's width"), "Width of the embedding",
                good: "128", bad: "0"),
            OptionDeclaration(
                "init",
                .word([
                    WordChoice("xavier", "uniform, after Glorot and Bengio"),
                    WordChoice("orthogonal", "orthonormal rows or columns"),
                ]), default: .value("xavier"), "First weights", good: "orthogonal", bad: "zeros"),
            OptionDeclaration(
                "norm",
                .word([
                    WordChoice("layer", "LayerNorm before the linear layer: the paper's"), WordChoice("none", "the linear layer alone: Hyp-ViT's"),
                ]), default: .value("layer"), "What comes before the linear layer", good: "none", bad: "batch"),
            .flag("none", "No head"),
        ],
        constraints: [.alone("none")],
        examples: [
            CommandExample("Frozen features", "load vit-nano\ndata glyphs\nhead none\neval map -> frozen\nprint $frozen.recall@1\n"),
            CommandExample(
                "A head that starts from the frozen geometry",
                "load vit-nano\ndata glyphs\nhead dim=128 init=orthogonal\ntrain steps=2 batch=16\n"),
        ])
}
