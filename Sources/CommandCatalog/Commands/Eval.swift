import CommandSchema

extension Catalog {
    /// The halves of the data that a command may work on.
    static func half(_ summary: String) -> OptionDeclaration {
        OptionDeclaration(
            "on",
            .word([
                WordChoice("test", "classes never trained on"),
                WordChoice("train", "the training classes"),
                WordChoice("validation", "classes held out by `data … validate=`", needs: [.validationHeldOut]),
            ]), default: .value("test"), summary, good: "train", bad: "tset")
    }

    static let eval = CommandDeclaration(
        name: "eval", topic: .evaluation,
        summary: "Measure retrieval",
        discussion: """
            Recall@K is the share of images with one of their own class among the K nearest others, by cosine; a class \
            with one image asks nothing. MAP@R and R-precision look at the R nearest, R the number of other images of the \
            class (Musgrave et al. 2020). Ties are resolved by the order of the images.
            """,
        options: [
            OptionDeclaration(
                "recall", .list(of: .integer), range: .within(1.0...1_000_000), elements: ElementCount(1, 64, increasing: true),
                default: .value("[1, 2, 4, 8]"), "The K of Recall@K", good: "[1, 10]", bad: "[0]"),
            .flag("map", "MAP@R and R-precision too"),
            half("Which images"),
        ],
        needs: [StateNeed(.modelLoaded), StateNeed(.dataLoaded)],
        result: [
            FieldDeclaration("recall@", .number, presence: .each(option: "recall"), "Recall@K, 0 to 1"),
            FieldDeclaration("map@r", .number, presence: .when(option: "map"), "Mean average precision at R, 0 to 1"),
            FieldDeclaration("r-precision", .number, presence: .when(option: "map"), "Precision at R, 0 to 1"),
            FieldDeclaration("queries", .integer, "Images that asked"),
            FieldDeclaration("minutes", .number, unit: "min", "Time it took"),
        ],
        examples: [
            CommandExample(
                "Recall@K and MAP@R of frozen features",
                "load vit-nano\ndata glyphs\nhead none\neval recall=[1, 2, 4, 8] map -> result\nassert $result.recall@1 > 0.5 \"worse than expected\"\nprint \"R@1 {$result.recall@1:.3}  MAP@R {$result.map@r:.3}\"\n"),
            CommandExample(
                "On classes held out of the training half", "load vit-nano\ndata glyphs validate=0.1\nhead none\neval on=validation\n"),
        ])
}
