public import CommandSchema

extension Catalog {
    public static let sweep = CommandDeclaration(
        name: "sweep", topic: .training,
        summary: "Run statements once for each combination of values, and compare",
        discussion: """
            The block begins with its `vary` statements; what follows them runs once for each cell, that is for each \
            combination of values and each seed. Every cell starts from the session as it stands at the sweep, and changes \
            nothing in it. All cells are checked before the first one runs.

            A cell's figures are the numbers that its commands return: `recall@1` of `eval`, `loss` of `train`; of two \
            commands with a field of one name the later one counts, and of `minutes` the sum. The table at the end shows their mean and spread over \
            the seeds.

            `by=random` and `by=tpe` draw from `uniform(a, b)`, `loguniform(a, b)`, `int(a, b)` and `choice([a, b])`, which stand in \
            a `vary` in place of a list. A trial of `by=random` is a function of the seed and its number. `by=tpe` proposes from \
            the trials that are over; with several jobs these depend on how long each took, with one the same script gives the \
            same trials. `prune=asha` trains every cell for `rung` epochs, the best one in `factor` for `factor` times as many, \
            and so on; a cell goes on from where it was stopped, under the schedule of its whole training.

            Cells run in processes of their own, `jobs` at a time, each with its share of the threads; the figures do not \
            depend on `jobs`. One that fails or crashes is reported at once and leaves the others alone. Everything is kept \
            in `runs/sweeps/`, in a folder named after the sweep and the session it started from: a cell is named by a \
            hash of all that its figures depend on, so the same script run again, or one with more values, runs only the \
            cells that are missing or failed. What runs is frozen when the sweep begins; editing the script changes \
            nothing. Ctrl-C stops the cells between two steps; the next time they go on from there.

            `on=slurm` submits the cells as one job array, `jobs` of them at a time where that is given, and waits for their results; they go on \
            when nobody waits any more. The same sweep again waits for what is in the queue and submits what is missing. `vptsp sweep status` and \
            `vptsp sweep collect` look at it from any shell. It goes with `by=grid` and `by=random`, whose cells do not depend on each other.
            """,
        positionals: [
            OptionDeclaration("name", .text, default: .required, "Name of the sweep's folder", good: "alpha-by-n", bad: "12")
        ],
        options: [
            OptionDeclaration(
                "seeds", .either([.integer, .list(of: .integer)]), range: .within(0.0...9_007_199_254_740_992),
                elements: ElementCount(1, 1_000, increasing: true), default: .value("1"),
                "How many seeds, from the one in force upwards; or a list of them", good: "3", bad: "-1"),
            OptionDeclaration(
                "by",
                .word([
                    WordChoice("grid", "every combination"), WordChoice("random", "combinations drawn at random"),
                    WordChoice("tpe", "combinations that a model of the earlier ones proposes (Bergstra et al. 2011)"),
                ]), default: .value("grid"), "How combinations are chosen", good: "tpe", bad: "greed"),
            OptionDeclaration(
                "trials", .integer, range: .within(1.0...10_000), default: .absent("grid has as many as there are"),
                "Combinations that `by=random` and `by=tpe` try", good: "20", bad: "0"),
            OptionDeclaration(
                "prune",
                .word([
                    WordChoice("none", "every cell is trained to its end"),
                    WordChoice("asha", "only the best go on from rung to rung (Li et al. 2020)"),
                ]), default: .value("none"), "Which cells are trained on", good: "asha", bad: "ahsa"),
            OptionDeclaration(
                "rung", .integer, unit: "epochs", range: .within(1.0...1_000_000), default: .value("1"),
                "With `prune=asha`: epochs after which cells are compared first", good: "2", bad: "0"),
            OptionDeclaration(
                "factor", .integer, range: .within(2.0...100), default: .value("3"),
                "With `prune=asha`: one cell in so many goes on to the next rung, which has so many times the epochs", good: "2", bad: "1"),
            OptionDeclaration(
                "jobs", .integer, range: .within(1.0...256), default: .value("1"), "Cells that run at the same time; with `on=slurm` no limit unless it is given", good: "2", bad: "0"),
            OptionDeclaration(
                "rank", .text, default: .derived("recall@1 where it was measured, else loss"),
                "Figure that the rows are ranked by; the smaller the better for loss and minutes", good: "recall@1", bad: "12"),
            OptionDeclaration(
                "stop", .word([WordChoice("never", "the others go on when a cell fails"), WordChoice("first", "the first failure ends the sweep")]),
                default: .value("never"), "What a failed cell does to the others", good: "first", bad: "second"),
        ] + slurmOptions,
        constraints: [.belong(options: ["partition", "time", "memory", "cpus", "wait"], to: "on", value: "slurm")],
        outputFolder: "runs",
        result: [
            FieldDeclaration("seeds", .integer, "Seeds that ran to their end; one row stands for all seeds of a combination"),
            FieldDeclaration("failed", .integer, "Seeds that failed"),
            FieldDeclaration("rank", .integer, "1 for the best, where the figure was measured"),
        ],
        takesBlock: true,
        examples: [
            CommandExample(
                "Two values, two seeds",
                "load vit-nano\ndata glyphs\nmethod vpt\nsweep rates seeds=2 {\n  vary lr in [1e-3, 1e-2]\n  optim adamw lr=$lr\n  train epochs=1 steps=2 batch=16\n  eval\n} -> table\nfor row in $table { print \"{$row.lr}: {$row.recall@1:.3}, rank {$row.rank}\" }\n")
        ])
}
