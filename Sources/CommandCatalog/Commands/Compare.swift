import CommandSchema

extension Catalog {
    static let compare = CommandDeclaration(
        name: "compare", topic: .evaluation,
        summary: "Say whether two runs differ by more than chance",
        discussion: """
            Compares Recall@K of two runs on the same queries, one by one, as `eval` has kept them in the folders of the runs. The \
            difference is the second's less the first's, with an interval by the paired bootstrap over queries (2,000 resamples, seed 0) and \
            the two-sided p-value of McNemar's exact test. The newest `eval` of each run counts. Runs that were evaluated on different \
            pictures are refused. Both say what other queries of these classes would give, not what other seeds would.
            """,
        positionals: [
            OptionDeclaration("first", .path(PathUse(.folder)), default: .required, "Folder of a run", good: "\"runs/a\"", bad: "12"),
            OptionDeclaration("second", .path(PathUse(.folder)), default: .required, "Folder of another run", good: "\"runs/b\"", bad: "12"),
        ],
        options: [
            OptionDeclaration("recall", .integer, range: .within(1.0...1_000_000), default: .value("1"), "The K of Recall@K", good: "10", bad: "0"),
            OptionDeclaration(
                "interval", .number, range: NumberRange(0, 1, excludesLower: true, excludesUpper: true), default: .value("0.95"),
                "Share of the bootstrap that the interval holds", good: "0.99", bad: "1"),
            OptionDeclaration("embedding", .word(embeddingKinds), default: .value("head"), "What stood for an image", good: "feature", bad: "hed"),
            OptionDeclaration(
                "on",
                .word([
                    WordChoice("test", "classes never trained on"), WordChoice("train", "the training classes"),
                    WordChoice("validation", "classes held out"),
                ]), default: .value("test"), "Which images the queries were", good: "train", bad: "tset"),
        ],
        result: [
            FieldDeclaration("difference", .number, "Recall@K of the second less that of the first, -1 to 1"),
            FieldDeclaration("low", .number, "Lower end of its interval"),
            FieldDeclaration("high", .number, "Upper end of its interval"),
            FieldDeclaration("p", .number, "p-value of McNemar's exact test"),
            FieldDeclaration("first", .number, "Recall@K of the first"),
            FieldDeclaration("second", .number, "Recall@K of the second"),
            FieldDeclaration("queries", .integer, "Queries that count"),
        ],
        examples: [
            CommandExample(
                "Two learning rates",
                "load vit-nano\ndata glyphs\nmethod linear\noptim adamw lr=1e-4\ntrain epochs=1 steps=2 batch=16 -> slow\neval\noptim adamw lr=1e-2\ntrain epochs=1 steps=2 batch=16 -> fast\neval\ncompare $slow.run $fast.run recall=1 -> c\nprint \"{$c.difference:.4} p {$c.p:.3}\"\n")
        ])
}
