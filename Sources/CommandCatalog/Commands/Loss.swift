import CommandSchema

extension Catalog {
    /// Losses over pairs or triplets that a miner may choose.
    private static let mined = ["triplet", "contrastive", "multi-similarity", "nt-xent", "sup-con", "circle", "lifted-structure"]

    static let loss = CommandDeclaration(
        name: "loss", topic: .training,
        summary: "Choose the loss, and what chooses its pairs",
        discussion: """
            The first seven compare images with proxies, one a class or, for sub-center ArcFace and SoftTriple, several; \
            semantic proxies (`proxies gru`) need one a class. The others compare the images of a batch with each other: \
            they have no proxies and want two images of a class or more (`train per-class=`). Defaults are those of the \
            papers or of pytorch-metric-learning. s is a cosine, d the distance of unit rows.

            Proxy-Anchor is log(1 + sum exp(-alpha (s - delta))) over the images of a class plus log(1 + sum \
            exp(alpha (s + delta))) over the others, for each class's proxy.

            A miner chooses which triplets or pairs count. `semihard`: 0 < d_an - d_ap <= miner-margin. `hard`: d_an <= \
            d_ap. `batch-hard`: for each image its farthest positive and its nearest negative. `distance-weighted`: random \
            negatives, all distances between miner-cutoff and miner-farthest equally likely. `multi-similarity`: positives \
            with s - miner-epsilon below the largest s to a negative, negatives with s + miner-epsilon above the smallest \
            s to a positive.

            `hyperbolic` is Hyp-ViT's: embeddings keep their length up to `clip`, lie in the Poincaré ball, and `eval`, \
            `search` and `embed` compare them there. `curvature=0` is the sphere, for which its paper takes temperature=0.1.

            `recall-at-k simix` adds a mixture of each two images of a class to the batch.
            """,
        positionals: [
            OptionDeclaration(
                "name",
                .word([
                    WordChoice("proxy-anchor", "Kim et al. 2020, and its NCA mode"),
                    WordChoice("proxy-nca", "Movshovitz-Attias et al. 2017"),
                    WordChoice("norm-softmax", "normalised softmax: Zhai & Wu 2019"),
                    WordChoice("arcface", "Deng et al. 2019"),
                    WordChoice("subcenter-arcface", "several proxies a class: Deng et al. 2020"),
                    WordChoice("cosface", "Wang et al. 2018"),
                    WordChoice("soft-triple", "several proxies a class: Qian et al. 2019"),
                    WordChoice("triplet", "Schroff et al. 2015"),
                    WordChoice("contrastive", "Hadsell et al. 2006"),
                    WordChoice("multi-similarity", "Wang et al. 2019"),
                    WordChoice("nt-xent", "Sohn 2016; Chen et al. 2020"),
                    WordChoice("sup-con", "Khosla et al. 2020"),
                    WordChoice("circle", "Sun et al. 2020"),
                    WordChoice("lifted-structure", "generalised: Hermans et al. 2017"),
                    WordChoice("hyperbolic", "Hyp-ViT: Ermolov et al. 2022"),
                    WordChoice("recall-at-k", "RS@K: Patel et al. 2022"),
                ]), default: .required, "Which loss", good: "proxy-anchor", bad: "proxy-anker")
        ],
        options: ofProxies + ofPairs + ofMiners,
        constraints: [
            .belong(options: ["divide"], to: "mode", value: "anchor"),
            .belong(options: ["miner-margin"], to: "miner", value: "semihard"),
            .belong(options: ["miner-cutoff", "miner-farthest"], to: "miner", value: "distance-weighted"),
            .belong(options: ["miner-epsilon"], to: "miner", value: "multi-similarity"),
            .never([.given("clip"), .option("curvature", atMost: 0)], because: "`clip` counts only where `curvature` is above 0"),
        ],
        properties: [
            .option(.proxiesPerClass, variant: "subcenter-arcface", option: "centers"),
            .option(.proxiesPerClass, variant: "soft-triple", option: "centers"),
        ]
            + ["proxy-anchor", "proxy-nca", "norm-softmax", "arcface", "cosface"].map { .constant(.proxiesPerClass, variant: $0, 1) }
            + (mined + ["hyperbolic", "recall-at-k"]).map { .constant(.proxiesPerClass, variant: $0, 0) },
        examples: [
            CommandExample(
                "Proxy-Anchor as first published",
                "load vit-nano\ndata glyphs\nloss proxy-anchor divide=present\ntrain steps=2 batch=16\n"),
            CommandExample(
                "Semihard triplets under a trained head",
                "load vit-nano\ndata glyphs\nmethod linear\nloss triplet margin=0.1 miner=semihard\ntrain steps=2 batch=16 per-class=4\n"),
            CommandExample(
                "Hyp-ViT: hyperbolic distance, in training and evaluation",
                "load vit-nano\ndata glyphs\nmethod full\nhead dim=32 init=orthogonal norm=none\nloss hyperbolic\noptim adamw lr=1e-4 clip-norm=3\ntrain steps=2 batch=16\neval\n"),
            CommandExample(
                "RS@K with mixtures",
                "load vit-nano\ndata glyphs\nmethod full\nloss recall-at-k k=[1, 2, 4] simix\ntrain steps=2 batch=16 per-class=4\n"),
        ])

    private static func number(
        _ name: String, _ range: NumberRange, _ defaults: KeyValuePairs<String, String>, _ summary: String, good: String, bad: String
    ) -> OptionDeclaration {
        let byVariant = Dictionary(defaults.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let values = Set(byVariant.values)
        return OptionDeclaration(
            name, .number, range: range, default: values.count == 1 ? .value(values.first ?? "") : .byVariant(byVariant), variants: defaults.map(\.key),
            summary, good: good, bad: bad)
    }

    private static let ofProxies = [
        number("alpha", .above(0), ["proxy-anchor": "32", "multi-similarity": "2"], "Steepness; for multi-similarity that of positives", good: "32", bad: "0"),
        number("delta", .within(0.0...1), ["proxy-anchor": "0.1"], "Margin on the cosine", good: "0.1", bad: "-0.1"),
        OptionDeclaration(
            "mode", .word([WordChoice("anchor", "sums over images for each class"), WordChoice("nca", "sums over classes for each image")]),
            default: .value("anchor"), variants: ["proxy-anchor"], "Over what the exponentials are summed", good: "nca", bad: "proxy"),
        OptionDeclaration(
            "divide",
            .word([
                WordChoice("all", "by the number of training classes: the authors' program"),
                WordChoice("present", "by the classes in the batch: Kim et al. 2020"),
            ]), default: .value("all"), variants: ["proxy-anchor"], "What the pull is divided by", good: "present", bad: "batch"),
        number(
            "scale", .above(0), ["proxy-nca": "1", "arcface": "64", "subcenter-arcface": "64", "cosface": "64"],
            "Factor of the squared distances, or of the cosines", good: "32", bad: "0"),
        number(
            "temperature", .above(0), ["norm-softmax": "0.05", "nt-xent": "0.07", "sup-con": "0.1", "hyperbolic": "0.2"],
            "What similarities are divided by", good: "0.1", bad: "0"),
        OptionDeclaration(
            "margin-degrees", .number, unit: "degrees", range: .within(0.0..<180), default: .value("28.6"), variants: ["arcface", "subcenter-arcface"],
            "Margin on the angle", good: "28.6", bad: "180"),
        number(
            "margin", .within(0.0...2), ["cosface": "0.35", "soft-triple": "0.01", "triplet": "0.05", "circle": "0.4"],
            "Margin on the cosine; for triplets on the distance", good: "0.2", bad: "-1"),
        OptionDeclaration(
            "centers", .integer, unit: "proxies", range: .within(1.0...1000), default: .byVariant(["subcenter-arcface": "3", "soft-triple": "10"]),
            variants: ["subcenter-arcface", "soft-triple"], "Proxies of each class", good: "3", bad: "0"),
        number("lambda", .above(0), ["soft-triple": "20"], "Factor of the similarities", good: "20", bad: "0"),
        number("gamma", .above(0), ["soft-triple": "0.1", "circle": "80"], "Temperature of the centers; for circle the factor of the logits", good: "0.1", bad: "0"),
    ]

    private static let ofPairs = [
        number("positive-margin", .within(0.0...2), ["contrastive": "0", "lifted-structure": "0"], "Distance that positives may keep", good: "0.1", bad: "-1"),
        number("negative-margin", .within(0.0...2), ["contrastive": "1", "lifted-structure": "1"], "Distance that negatives shall reach", good: "0.5", bad: "3"),
        number("beta", .above(0), ["multi-similarity": "50"], "Steepness of negatives", good: "50", bad: "0"),
        number("base", .within(-1.0...1), ["multi-similarity": "0.5"], "Cosine that parts similar from dissimilar", good: "0.5", bad: "2"),
        number("curvature", .within(0.0...10), ["hyperbolic": "0.1"], "c of the ball; 0 is the sphere", good: "0", bad: "-1"),
        number("clip", .above(0), ["hyperbolic": "2.3"], "Length to which embeddings are clipped before they enter the ball", good: "2.3", bad: "0"),
        OptionDeclaration(
            "k", .list(of: .integer), range: .within(1.0...1_000_000), elements: ElementCount(1, 64, increasing: true), default: .value("[1, 2, 4, 8, 16]"),
            variants: ["recall-at-k"], "The K of the recalls that are averaged", good: "[1, 2]", bad: "[0]"),
        number("rank-temperature", .above(0), ["recall-at-k": "0.01"], "Of the sigmoid that counts who is nearer", good: "0.01", bad: "0"),
        number("count-temperature", .above(0), ["recall-at-k": "1"], "Of the sigmoid that counts who is among the K", good: "1", bad: "0"),
        OptionDeclaration(
            "query",
            .word([WordChoice("ranked", "among the others: the authors' program"), WordChoice("left-out", "not among them: the paper")]),
            default: .value("ranked"), variants: ["recall-at-k"], "Where the query itself stands in its ranking", good: "left-out", bad: "none"),
        .flag("simix", variants: ["recall-at-k"], "Add a mixture of each two images of a class to the batch"),
    ]

    private static let ofMiners = [
        OptionDeclaration(
            "miner",
            .word([
                WordChoice("all", "every pair or triplet"),
                WordChoice("semihard", "negatives a little farther than the positive: Schroff et al. 2015"),
                WordChoice("hard", "negatives no farther than the positive"),
                WordChoice("batch-hard", "the hardest positive and negative of each image: Hermans et al. 2017"),
                WordChoice("distance-weighted", "random negatives of all distances: Wu et al. 2017"),
                WordChoice("multi-similarity", "pairs that others contradict: Wang et al. 2019"),
            ]), default: .value("all"), variants: mined, "What chooses the pairs or triplets", good: "semihard", bad: "easy"),
        OptionDeclaration(
            "miner-margin", .number, range: .within(0.0...2), default: .value("0.2"), variants: mined, "How much farther a semihard negative may be",
            good: "0.1", bad: "-1"),
        OptionDeclaration(
            "miner-cutoff", .number, range: .within(0.0...2), default: .value("0.5"), variants: mined, "Distances below count as this one", good: "0.5",
            bad: "-1"),
        OptionDeclaration(
            "miner-farthest", .number, range: .within(0.0...2), default: .value("1.4"), variants: mined, "Distance from which negatives are not drawn",
            good: "1.4", bad: "3"),
        OptionDeclaration(
            "miner-epsilon", .number, range: .within(0.0...2), default: .value("0.1"), variants: mined, "Slack on the cosine", good: "0.1", bad: "-1"),
    ]
}
