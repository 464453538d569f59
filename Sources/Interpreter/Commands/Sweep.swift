internal import VPSAnalysis

struct SweepHandler: CommandHandler {
    static let name = "sweep"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        guard let block = arguments.block else { return nil }
        if session.cell != nil { throw Failure(.nestedSweep(at: arguments.span)) }
        let space = SweepSpace(block, scope: session.scope)
        let problems = space.diagnostics + space.problems(arguments)
        guard problems.isEmpty else { throw Failure(problems) }
        let options = try SweepOptions(arguments, base: session.experiment.specification.seed)
        return try SweepRun(space, options, in: session).run().records
    }
}
