import CommandSchema

extension Catalog {
    static let precision = CommandDeclaration(
        name: "precision", topic: .training,
        summary: "Choose how the network's products are computed",
        discussion: """
            Parameters, sums, norms, softmax and losses are f32 in all of them. `bf16` rounds the operands of products, and what passes \
            between them in attention: on processors with matrix instructions for bf16 (AMX) a step takes a fraction of the time and \
            less memory, and figures stay within the spread of seeds. It needs oneDNN, and a processor with bf16 products. In f32, \
            `products=tiles` has matrix instructions (AMX again) compute exact sums of integers: as near to the true products as OpenBLAS's, and \
            faster (Docs/performance.md). Where something is missing a message says so, and OpenBLAS computes in f32. Files are the same bytes for one choice on one kind of processor; a run's manifest names it.
            """,
        positionals: [
            OptionDeclaration(
                "kind",
                .word([
                    WordChoice("f32", "32-bit throughout"),
                    WordChoice("bf16", "operands in bf16"),
                ]), default: .required, "Of the products", good: "bf16", bad: "fp16")
        ],
        options: [
            OptionDeclaration(
                "products",
                .word([
                    WordChoice("openblas", "OpenBLAS, which is everywhere"),
                    WordChoice("onednn", "oneDNN, with weights laid out once"),
                    WordChoice("tiles", "our own on matrix tiles (Intel AMX): exact sums of integers"),
                    WordChoice("measured", "for each product the fastest of them, measured once on this machine; the run's manifest has the choice. Not for a job of several processes"),
                ]), default: .value("openblas"), variants: ["f32"], "Whose products in f32", good: "onednn", bad: "mkl")
        ],
        examples: [
            CommandExample("Products in bf16", "precision bf16\nload vit-nano\ndata glyphs\nmethod vpt\ntrain steps=2 batch=16\n"),
            CommandExample("Exact products in f32 on matrix tiles", "precision f32 products=tiles\nload vit-nano\ndata glyphs\nmethod vpt\ntrain steps=2 batch=16\n"),
        ])
}
