internal import Experiments
internal import Sweeps
internal import VPSAnalysis

struct SweepHandler: CommandHandler {
    static let name = "sweep"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard let block = arguments.block else { return nil }
        if session.cell != nil { throw Failure(.nestedSweep(at: arguments.span)) }
        let space = SweepSpace(block, scope: session.scope)
        guard space.diagnostics.isEmpty else { throw Failure(space.diagnostics) }
        let options = try SweepOptions(arguments, base: session.experiment.specification.seed)
        return try SweepRun(space, options, in: session).run()
    }
}

/// What a sweep is asked to be, beside its values and statements.
struct SweepOptions {
    enum Seeds {
        /// So many, from the one in force upwards.
        case count(Int)
        case list([Int])
    }

    var name: String
    var seeds: Seeds
    /// Of the session at the sweep.
    var base: UInt64
    var jobs: Int
    /// The figure that rows are ranked by; nil chooses one.
    var rank: String?
    var stopsAtFailure: Bool

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
        jobs = try arguments.integer("jobs")
        rank = try arguments.optionalText("rank")
        stopsAtFailure = try arguments.text("stop") == "first"
        guard count >= 1, count <= SweepSpace.mostCells else {
            throw ExperimentError(.specification, "seeds=\(count) must be 1 to \(SweepSpace.mostCells)")
        }
    }

    var count: Int {
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
}
