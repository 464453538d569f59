import CommandSchema

extension Catalog {
    static let method = CommandDeclaration(
        name: "method", topic: .model,
        summary: "Set what is trained to one of the paper's methods",
        discussion: """
            Replaces what `prompts`, `adapter`, `lora`, `proxies` and `tune` said; they may change it again afterwards. All \
            train the head and the learned proxies. `vpt` is `prompts n=10`; `vptsp-m` and `vptsp-g` add `proxies mean` or \
            `proxies gru`. `adapter` is `adapter parallel layers=7 dim=256`, in every block of a backbone that has fewer.
            """,
        positionals: [
            OptionDeclaration(
                "name",
                .word([
                    WordChoice("linear", "the frozen backbone under a trained head"),
                    WordChoice("bitfit", "`tune bitfit`"),
                    WordChoice("adapter", "bottlenecks beside the last 7 MLPs"),
                    WordChoice("lora", "`lora`: updates of rank 8 to queries and values"),
                    WordChoice("vpt", "visual prompts in every block"),
                    WordChoice("vptsp-m", "prompts and semantic proxies by a moving mean"),
                    WordChoice("vptsp-g", "prompts and semantic proxies by a gated recurrence"),
                    WordChoice("full", "`tune full`"),
                ]), default: .required, "Which method", good: "vptsp-g", bad: "vptsp")
        ],
        options: [
            .flag("bitfit", variants: ["linear", "adapter", "lora", "vpt", "vptsp-m", "vptsp-g"], "Train every backbone bias too: the \"(B)\" rows")
        ],
        needs: [StateNeed(.modelLoaded)], replaces: ["prompts", "adapter", "lora", "proxies", "tune"],
        properties: ["linear", "bitfit", "vpt", "full"].map { .constant(.semanticProxies, variant: $0, 0) }
            + ["vptsp-m", "vptsp-g"].map { .constant(.semanticProxies, variant: $0, 1) },
        examples: [
            CommandExample("VPTSP-G with biases", "load vit-nano\ndata glyphs\nmethod vptsp-g bitfit\ntrain steps=2 batch=16\n")
        ])
}
