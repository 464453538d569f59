import CommandSchema

extension Catalog {
    static let train = CommandDeclaration(
        name: "train", topic: .training,
        summary: "Train what is set up",
        discussion: """
            Each run leaves a folder under `runs/` with the script, every setting, the figures of each step and a \
            checkpoint. Ctrl-C stops between two steps and keeps everything; `resume` with that folder goes on to the same bytes \
            as a run that was never stopped, also after the process was killed or the machine lost its power. A checkpoint holds \
            the trained values, the optimiser's memory, the container of proxies and the place in training; sampling, \
            augmentation and dropout are functions of seed, epoch and image. Where a checkpoint is damaged, the one before it is \
            taken, and this is said. One process at a time writes into a run's folder.

            A batch holds `batch / per-class` classes drawn without replacement and `per-class` images of each. An epoch \
            is images / `batch` batches, rounded down. `train` after `train` starts afresh, so that a loop over settings \
            compares like with like; it goes on after `restore` of a run, or where the last one was stopped.

            With `evaluate` three test figures stand side by side at the end: that of the last epoch; of the epoch that did best on \
            the validation classes; and of the epoch that did best on the test classes, which is what papers report. An epoch \
            does better by the first Recall@K, and by MAP@R where that is equal; of equals the first counts. The models of the latter two are kept for \
            `restore … epoch=chosen` and `epoch=best`.
            """,
        options: [
            OptionDeclaration(
                "epochs", .integer, unit: "epochs", range: .within(1.0...1_000_000), default: .value("15"), "How long",
                good: "15", bad: "0"),
            OptionDeclaration(
                "steps", .integer, unit: "steps", range: .within(1.0...1_000_000_000), default: .absent("no limit"),
                "Stop after so many steps even when the epochs are not over", good: "2", bad: "0"),
            OptionDeclaration(
                "batch", .integer, unit: "images", range: .within(2.0...1_000_000), default: .value("64"), "Images a step",
                good: "64", bad: "1"),
            OptionDeclaration(
                "per-class", .integer, unit: "images", range: .within(1.0...100_000), default: .value("2"),
                "Images of each class in a batch; divides `batch`", good: "4", bad: "0"),
            OptionDeclaration(
                "checkpoint", .either([.word([WordChoice("none", "only at the end, or by `checkpoint-steps`")]), .integer, .duration]), unit: "epochs",
                range: .within(1.0...1_000_000), default: .value("1"), "Epochs, or time such as 10min, between two checkpoints", good: "10min", bad: "0"),
            OptionDeclaration(
                "checkpoint-steps", .integer, unit: "steps", range: .within(1.0...1_000_000_000), default: .absent("none within an epoch"),
                "Steps between two checkpoints, besides those of `checkpoint`", good: "500", bad: "0"),
            OptionDeclaration(
                "keep", .integer, range: .within(1.0...1_000), default: .value("2"),
                "Checkpoints that stay: the newest, and those before it in case it is damaged", good: "3", bad: "0"),
            OptionDeclaration(
                "evaluate", .either([.word([WordChoice("none", "never")]), .integer]), unit: "epochs",
                range: .within(1.0...1_000_000), default: .value("none"),
                "Epochs between two evaluations, on the test half and on the validation classes where there are some; the last epoch is always one",
                good: "5", bad: "0"),
            OptionDeclaration(
                "memory",
                .word([
                    WordChoice("normal", "the activations of a batch"),
                    WordChoice("low", "those of one block of `micro-batch` images: blocks are computed again on the way back, from what entered them, put aside in a file without a name in `TMPDIR` or /var/tmp. Any batch, 1.3 times as long, the same bytes"),
                ]), default: .value("normal"), "What a step holds", good: "low", bad: "lwo"),
            OptionDeclaration(
                "micro-batch", .integer, unit: "images", range: .within(1.0...1_000_000),
                default: .derived("16; with `memory=low` fewer for networks of which 300 MiB hold fewer, larger than a ViT-B/16"),
                "Images that are computed at a time. Gradients are summed over micro-batches in a fixed tree, and processes share them, so the last bits of a run depend on it",
                good: "16", bad: "0"),
            OptionDeclaration(
                "name", .text, default: .derived("date and method"), "Name of the run's folder", good: "first-try", bad: "12"),
        ],
        constraints: [
            .divides(divisor: "per-class", dividend: "batch"),
            .notAbove(smaller: "micro-batch", larger: "batch"),
            .quotientAtMost(dividend: "batch", divisor: "per-class", property: .trainingClasses),
            .never(
                [.property(.semanticProxies, in: 1...1), .property(.proxiesPerClass, in: 0...0)],
                because: "the loss uses no proxies, so semantic proxies have nothing to do",
                help: ["write `proxies none` before it, or take a loss with proxies: `loss proxy-anchor`"]),
            .never(
                [.property(.semanticProxies, in: 1...1), .property(.proxiesPerClass, in: 2...(.max))],
                because: "the loss has several proxies a class, but semantic proxies are one a class",
                help: ["write `proxies none` before it, or take a loss with one proxy a class: `loss proxy-anchor`"]),
            .never(
                [.property(.proxiesPerClass, in: 0...0), .option("per-class", atMost: 1)],
                because: "the loss compares images of one class, but a batch has one of each", help: ["write `per-class=2` or more"]),
        ],
        needs: [StateNeed(.modelLoaded), StateNeed(.dataLoaded)],
        gives: [.trained],
        outputFolder: "runs",
        result: [
            FieldDeclaration("loss", .number, "Mean loss of the last epoch"),
            FieldDeclaration("epochs", .integer, unit: "epochs", "Epochs trained in all"),
            FieldDeclaration("steps", .integer, unit: "steps", "Steps trained in all"),
            FieldDeclaration("minutes", .number, unit: "min", "Time it took"),
            FieldDeclaration("parameters", .integer, "Numbers that were trained"),
            FieldDeclaration("memory", .number, unit: "MiB", "Largest memory of the training steps"),
            FieldDeclaration("run", .text, "Path of the run's folder"),
            FieldDeclaration("last", .record, presence: .possible(option: "evaluate"), "Test figures of the last epoch, and its number `epoch`"),
            FieldDeclaration(
                "chosen", .record, presence: .possible(option: "evaluate"), "Those of the epoch that did best on the validation classes, where there are some"),
            FieldDeclaration("best", .record, presence: .possible(option: "evaluate"), "Those of the epoch that did best on the test classes"),
        ],
        examples: [
            CommandExample(
                "Two steps of VPTSP-G",
                "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain epochs=1 steps=2 batch=16 per-class=2 name=first -> fit\nprint \"{$fit.loss:.3} after {$fit.steps} steps\"\n"),
            CommandExample(
                "A large batch in little memory",
                "load vit-nano\ndata glyphs\nmethod vptsp-g\ntrain epochs=1 steps=1 batch=32 memory=low micro-batch=8\n"),
            CommandExample(
                "With validation",
                "load vit-nano\ndata glyphs validate=0.2\nmethod linear\ntrain epochs=1 batch=160 evaluate=1 checkpoint=none -> fit\nprint \"epoch {$fit.chosen.epoch} was chosen, R@1 {$fit.chosen.recall@1:.3}\"\n"),
        ])
}
