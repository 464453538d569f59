import CommandSchema

extension Catalog {
    static let loss = CommandDeclaration(
        name: "loss", topic: .training,
        summary: "Choose the loss",
        discussion: """
            Proxy-Anchor (Kim et al. 2020) pulls each class's proxy towards the images of its class and pushes it from the \
            others: log(1 + sum exp(-alpha (s - delta))) over the images of the class, log(1 + sum exp(alpha (s + delta))) \
            over the others, s the cosine.
            """,
        positionals: [
            OptionDeclaration(
                "name", .word([WordChoice("proxy-anchor", "Kim et al. 2020, and its NCA mode")]), default: .required,
                "Which loss", good: "proxy-anchor", bad: "proxy-anker")
        ],
        options: [
            OptionDeclaration(
                "alpha", .number, range: .above(0), default: .value("32"), "Steepness", good: "32", bad: "0"),
            OptionDeclaration(
                "delta", .number, range: .within(0.0...1), default: .value("0.1"), "Margin on the cosine", good: "0.1",
                bad: "-0.1"),
            OptionDeclaration(
                "divide",
                .word([
                    WordChoice("all", "by the number of training classes: the authors' program"),
                    WordChoice("present", "by the classes in the batch: Kim et al. 2020"),
                ]), default: .value("all"), "What the pull is divided by", good: "present", bad: "batch"),
            OptionDeclaration(
                "mode",
                .word([
                    WordChoice("anchor", "sums over images for each class"),
                    WordChoice("nca", "sums over classes for each image"),
                ]), default: .value("anchor"), "Over what the exponentials are summed", good: "nca", bad: "proxy"),
        ],
        examples: [
            CommandExample(
                "Proxy-Anchor as first published",
                "load vit-nano\ndata glyphs\nloss proxy-anchor divide=present\ntrain steps=2 batch=16\n")
        ])
}
