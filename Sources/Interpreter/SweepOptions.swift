internal import Experiments
internal import Sweeps
internal import VPSAnalysis

/// What a sweep is asked to be, beside its values and statements.
struct SweepOptions {
    enum Seeds {
        /// So many, from the one in force upwards.
        case count(Int)
        case list([Int])
    }

    /// How combinations are chosen.
    enum Method {
        case grid
        case random(trials: Int)
        case tpe(trials: Int)
    }

    /// Successive halving: epochs of the first rung, and what they grow by.
    struct Pruning {
        var rung: Int
        var factor: Int
    }

    var name: String
    var seeds: Seeds
    /// Of the session at the sweep.
    var base: UInt64
    var method: Method
    /// Nil trains every cell to its end.
    var pruning: Pruning?
    var jobs: Int
    /// The figure that rows are ranked by; nil chooses one.
    var rank: String?
    var stopsAtFailure: Bool
    /// Nil runs cells here.
    var slurm: SlurmOptions?
    /// Whether a submitted sweep waits for its results.
    var waits: Bool

    init(_ arguments: BoundArguments, base: UInt64) throws {
        name = try arguments.text("name")
        guard RunName.isValid(name) else {
            throw ExperimentError(
                .specification, "`\(name)` cannot name a folder under runs/sweeps/",
                help: ["use letters, digits, `-`, `_` and `.`, not at the start a `.`"])
        }
        if case .list? = try arguments.value("seeds") {
            seeds = .list(try arguments.integers("seeds"))
        } else {
            seeds = .count(try arguments.integer("seeds"))
        }
        self.base = base
        let trials = try arguments.optionalInteger("trials") ?? 0
        method = switch try arguments.text("by") {
        case "random": .random(trials: trials)
        case "tpe": .tpe(trials: trials)
        default: .grid
        }
        if try arguments.text("prune") == "asha" {
            pruning = Pruning(rung: try arguments.integer("rung"), factor: try arguments.integer("factor"))
        }
        jobs = try arguments.integer("jobs")
        rank = try arguments.optionalText("rank")
        stopsAtFailure = try arguments.text("stop") == "first"
        waits = try arguments.text("wait") == "results"
        if try arguments.text("on") == "slurm" {
            slurm = SlurmOptions(
                partition: try arguments.optionalText("partition"), time: try arguments.seconds("time"), memory: try arguments.bytes("memory"),
                cpus: try arguments.integer("cpus"), mostAtOnce: arguments.isGiven("jobs") ? jobs : nil)
            if case .tpe = method { throw Self.notOnSlurm("by=tpe chooses cells from the results of others", instead: "by=random") }
            if pruning != nil { throw Self.notOnSlurm("prune=asha trains cells on by the results of others", instead: "prune=none") }
            if stopsAtFailure { throw Self.notOnSlurm("stop=first ends cells when another one fails", instead: "stop=never") }
        }
        guard seedCount >= 1, seedCount <= SweepSpace.mostCells else {
            throw ExperimentError(.specification, "seeds=\(seedCount) must be 1 to \(SweepSpace.mostCells)")
        }
    }

    /// What is submitted needs nobody who watches over it.
    private static func notOnSlurm(_ what: String, instead: String) -> ExperimentError {
        ExperimentError(
            .specification, "\(what), which nobody does once they are submitted with on=slurm",
            help: ["\(instead), or on=local in a job of its own: `sbatch --cpus-per-task=16 --wrap \"vptsp run …\"`"])
    }

    var seedCount: Int {
        switch seeds {
        case .count(let count): count
        case .list(let list): list.count
        }
    }

    /// The `index`th seed, where without the sweep it would be `seed`.
    func seed(_ index: Int, from seed: Int) -> Int {
        switch seeds {
        case .count: seed &+ index
        case .list(let list): list.indices.contains(index) ? list[index] : seed
        }
    }

    /// What a result is worth to a search, the smaller the better; nil when it lacks the figure.
    func loss(_ result: CellResult) -> Double? {
        guard let figure = rank ?? ["recall@1", "loss"].first(where: { result.figure($0) != nil }) else { return nil }
        return result.figure(figure).map { SweepSummary.isBetterSmaller(figure) ? $0 : -$0 }
    }
}
