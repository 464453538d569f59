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

    /// What may stand for a picture.
    static let embeddingKinds = [
        WordChoice("head", "the head's output as a unit row, by cosine, or in the ball of `loss hyperbolic`: what training makes"),
        WordChoice("head-raw", "the head's output as it is, by Euclidean distance"),
        WordChoice("feature", "the backbone's CLS token, prompts included, as a unit row, by cosine"),
        WordChoice("feature-raw", "the backbone's CLS token as it is, by Euclidean distance"),
    ]

    static let eval = CommandDeclaration(
        name: "eval", topic: .evaluation,
        summary: "Measure retrieval",
        discussion: """
            Recall@K is the share of images with one of their own class among the K nearest others; a class \
            with one image asks nothing. Where the data has queries and a gallery, the test queries look in the gallery. MAP@R and \
            R-precision look at the R nearest, R the number of other images of the class (Musgrave et al. 2020); \
            `map-counted` takes the size of the class for R, as the program of Ren et al. 2024 does; `mean-ap` looks at the \
            whole ranking. `nmi` holds k-means clusters against the classes. Ties are resolved by the order of the images.

            What is measured of a run's model is kept in the run's folder, with the answer to each query, for `compare` and `table`. \
            Docs/evaluation.md defines each figure.
            """,
        options: [
            OptionDeclaration(
                "recall", .list(of: .integer), range: .within(1.0...1_000_000), elements: ElementCount(1, 64, increasing: true),
                default: .derived("the data set's: [1, 2, 4, 8]; SOP [1, 10, 100, 1000], In-Shop [1, 10, 20, 30], iNaturalist [1, 4, 16, 32]"),
                "The K of Recall@K", good: "[1, 10]", bad: "[0]"),
            OptionDeclaration(
                "interval", .number, range: NumberRange(0, 1, excludesLower: true, excludesUpper: true), default: .absent("no interval"),
                "Share of the bootstrap over queries that an interval of Recall@K holds", good: "0.95", bad: "1"),
            .flag("map", "MAP@R and R-precision too"),
            .flag("map-counted", "MAP@R with the query counted into R"),
            .flag("mean-ap", "Mean average precision over whole rankings"),
            .flag("nmi", "NMI, and F1 over pairs, of k-means clusters"),
            OptionDeclaration(
                "clusters", .integer, range: .within(1.0...10_000_000), default: .derived("one for each class"), "Clusters of k-means",
                good: "50", bad: "0"),
            OptionDeclaration(
                "restarts", .integer, range: .within(1.0...1000), default: .value("1"), "Starts of k-means++, of which the best counts",
                good: "5", bad: "0"),
            OptionDeclaration(
                "embedding", .list(of: .word(embeddingKinds)), elements: ElementCount(1, 4),
                default: .absent("head; feature where nothing is trained"), "What stands for an image", good: "[head, feature]", bad: "hed"),
            half("Which images"),
        ],
        constraints: [.onlyWith(options: ["clusters", "restarts"], other: "nmi")],
        needs: [StateNeed(.modelLoaded), StateNeed(.dataLoaded)],
        result: [
            FieldDeclaration("recall@", .number, presence: .each(option: "recall"), "Recall@K, 0 to 1"),
            FieldDeclaration("recall-low@", .number, presence: .eachWhen(option: "recall", given: "interval"), "Lower end of its interval"),
            FieldDeclaration("recall-high@", .number, presence: .eachWhen(option: "recall", given: "interval"), "Upper end of its interval"),
            FieldDeclaration("map@r", .number, presence: .when(option: "map"), "Mean average precision at R, 0 to 1"),
            FieldDeclaration("r-precision", .number, presence: .when(option: "map"), "Precision at R, 0 to 1"),
            FieldDeclaration("map-counted", .number, presence: .when(option: "map-counted"), "MAP@R with R the size of the class, 0 to 1"),
            FieldDeclaration("mean-ap", .number, presence: .when(option: "mean-ap"), "Mean average precision over whole rankings, 0 to 1"),
            FieldDeclaration("nmi", .number, presence: .when(option: "nmi"), "Normalised mutual information of clusters and classes, 0 to 1"),
            FieldDeclaration("f1", .number, presence: .when(option: "nmi"), "F1 over pairs of images, 0 to 1"),
            FieldDeclaration("queries", .integer, "Images that asked"),
            FieldDeclaration("minutes", .number, unit: "min", "Time it took"),
            FieldDeclaration(
                "", .record, presence: .each(option: "embedding"), "The figures of that kind of embedding; those above are of the first one"),
        ],
        examples: [
            CommandExample(
                "Recall@K and MAP@R of frozen features",
                "load vit-nano\ndata glyphs\nhead none\neval recall=[1, 2, 4, 8] map -> result\nassert $result.recall@1 > 0.5 \"worse than expected\"\nprint \"R@1 {$result.recall@1:.3}  MAP@R {$result.map@r:.3}\"\n"),
            CommandExample(
                "On classes held out of the training half", "load vit-nano\ndata glyphs validate=0.1\nhead none\neval on=validation\n"),
            CommandExample(
                "With an interval, and clusters held against the classes",
                "load vit-nano\ndata glyphs validate=0.1\nhead none\neval on=validation recall=1 interval=0.95 mean-ap map-counted nmi restarts=2 -> result\nprint \"R@1 {$result.recall-low@1:.3} to {$result.recall-high@1:.3}, NMI {$result.nmi:.3}\"\n"),
            CommandExample(
                "The head's output beside the backbone's",
                "load vit-nano\ndata glyphs\nmethod linear\ntrain epochs=1 steps=2 batch=16\neval recall=1 embedding=[head, feature] -> result\nprint \"{$result.head.recall@1:.3} against {$result.feature.recall@1:.3}\"\n"),
        ])
}
