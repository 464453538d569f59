import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vptsp-bench", abstract: "Timings, one JSON line each.",
        discussion: "Each subcommand measures one thing in a process of its own, so that the peak of memory is that thing's.",
        subcommands: [
            StepBench.self, EvalBench.self, ProfileBench.self, KernelBench.self, RecallBench.self, DecodeBench.self, ParseBench.self, StartupBench.self,
        ],
        defaultSubcommand: StepBench.self)
}
