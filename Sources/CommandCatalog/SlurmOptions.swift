import CommandSchema

extension Catalog {
    /// What a sweep's cells ask a cluster for.
    static let slurmOptions = [
        OptionDeclaration(
            "on",
            .word([WordChoice("local", "in processes of this machine"), WordChoice("slurm", "as tasks of a job array, which need this process no more")]),
            default: .value("local"), "Where cells run", good: "slurm", bad: "slrum"),
        OptionDeclaration(
            "partition", .text, default: .absent("the cluster's own"), "With `on=slurm`: the queue that cells stand in", good: "gpu-short", bad: "12"),
        OptionDeclaration(
            "time", .duration, range: .within(60.0...31_536_000), default: .absent("the partition's own"),
            "With `on=slurm`: after it a cell is stopped with a checkpoint, queued again, and goes on", good: "2h", bad: "1s"),
        OptionDeclaration(
            "memory", .size, range: .within(1_048_576.0...1_125_899_906_842_624), default: .absent("the partition's own"),
            "With `on=slurm`: of each cell; `train` prints what it takes", good: "4GiB", bad: "12"),
        OptionDeclaration(
            "cpus", .integer, range: .within(1.0...1_024), default: .value("1"), "With `on=slurm`: processors of each cell, and its threads", good: "4", bad: "0"),
        OptionDeclaration(
            "wait",
            .word([WordChoice("results", "until all cells are over; Ctrl-C leaves them alone"), WordChoice("none", "not at all: the table has the cells that are done")]),
            default: .value("results"), "With `on=slurm`: how long the sweep waits once its cells are submitted", good: "none", bad: "nothing"),
    ]
}
