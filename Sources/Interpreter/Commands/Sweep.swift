internal import Experiments
internal import VPSAnalysis

struct SweepHandler: CommandHandler {
    static let name = "sweep"
    /// All refuse it together: one of several that share a training cannot start processes of its own.
    static let isDoneTogether = true

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard let block = arguments.block else { return nil }
        if !session.experiment.isAlone {
            throw ExperimentError(
                .specification, "a sweep starts processes of its own, one for each of its `jobs`, and cannot run under mpirun or srun",
                help: ["start it without them: `vptsp run`; on a cluster `sweep … on=slurm` submits its cells"])
        }
        if session.cell != nil { throw Failure(.nestedSweep(at: arguments.span)) }
        let space = SweepSpace(block, scope: session.scope)
        let problems = space.diagnostics + space.problems(arguments)
        guard problems.isEmpty else { throw Failure(problems) }
        let options = try SweepOptions(arguments, base: session.experiment.specification.seed)
        return try SweepRun(space, options, in: session).run().records
    }
}
