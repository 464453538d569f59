import CommandSchema

extension Catalog {
    private static let plain = ["linear", "bitfit", "adapter", "lora", "vpt", "full"]

    static let method = CommandDeclaration(
        name: "method", topic: .model,
        summary: "Set what is trained to one of the paper's methods",
        discussion: """
            Replaces what `prompts`, `adapter`, `lora`, `proxies` and `tune` said; they may change it again afterwards. All \
            train the head and the learned proxies. `vpt` is `prompts n=10`; `vptsp-m` and `vptsp-g` add `proxies mean` or \
            `proxies gru`. `adapter` is `adapter parallel layers=7 dim=256`, in every block of a backbone that has fewer.

            The rivals bring head, loss and optimiser with them and replace what `head`, `loss` and `optim` said. `hyp-vit` \
            (Ermolov et al. 2022) is `tune full freeze=patch-embedding`, `head dim=128 init=orthogonal norm=none`, `loss \
            hyperbolic`, `optim adamw lr=3e-5 weight-decay=0.01 clip-norm=3`. `rs-at-k` (Patel et al. 2022) is `tune full`, \
            `head`, `loss recall-at-k simix`, `optim adamw lr=5e-5 weight-decay=4e-4`; its program takes four images a class, \
            and batches of thousands, for which there is `train memory=low`.
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
                    WordChoice("hyp-vit", "hyperbolic embeddings, the whole backbone trained"),
                    WordChoice("rs-at-k", "smooth recall at K, the whole backbone trained"),
                    WordChoice("full", "`tune full`"),
                ]), default: .required, "Which method", good: "vptsp-g", bad: "vptsp")
        ],
        options: [
            .flag("bitfit", variants: ["linear", "adapter", "lora", "vpt", "vptsp-m", "vptsp-g"], "Train every backbone bias too: the \"(B)\" rows")
        ],
        needs: [StateNeed(.modelLoaded)], replaces: ["prompts", "adapter", "lora", "proxies", "tune"],
        variantReplaces: ["hyp-vit": ["head", "loss", "optim"], "rs-at-k": ["head", "loss", "optim"]],
        properties: plain.flatMap { [.constant(.semanticProxies, variant: $0, 0), .kept(.proxiesPerClass, variant: $0)] }
            + ["vptsp-m", "vptsp-g"].flatMap { [.constant(.semanticProxies, variant: $0, 1), .kept(.proxiesPerClass, variant: $0)] }
            + ["hyp-vit", "rs-at-k"].flatMap { [.constant(.semanticProxies, variant: $0, 0), .constant(.proxiesPerClass, variant: $0, 0)] },
        examples: [
            CommandExample("VPTSP-G with biases", "load vit-nano\ndata glyphs\nmethod vptsp-g bitfit\ntrain steps=2 batch=16\n"),
            CommandExample("Hyp-ViT", "load vit-nano\ndata glyphs\nmethod hyp-vit\ntrain steps=2 batch=16 per-class=4\neval\n"),
        ])
}
