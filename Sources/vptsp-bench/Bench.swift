import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vptsp-bench", abstract: "Timings of the engine, one JSON line each.", subcommands: [StepBench.self], defaultSubcommand: StepBench.self)
}
