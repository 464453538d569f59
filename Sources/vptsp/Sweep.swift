import ArgumentParser
import Interpreter
import REPL
import Reporting

extension VPTSP {
    struct Sweep: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a script for combinations of values, and look at what came of it.",
            subcommands: [ScriptSweep.self, SweepStatus.self, SweepCollect.self], defaultSubcommand: ScriptSweep.self
        )
    }

    struct ScriptSweep: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Run a script once for each combination of values of its parameters, and compare.",
            discussion: """
                Values: alpha=0.1,0.3,0.5   n=1..5   lr='log(1e-4..1e-2,5)'   lr='loguniform(1e-4,1e-1)' with by=random or by=tpe.
                The options are those of the language's `sweep`: seeds=3 jobs=2 by=tpe trials=20 prune=asha rank=recall@1 \
                stop=first, and name= for the folder under runs/sweeps/. `vptsp help sweep` explains them.
                Run again, it runs only the cells that are missing or failed. Ctrl-C stops at safe points and keeps what is done.
                on=slurm submits the cells as one job array: partition= time=2h memory=4GiB cpus=4, and wait=none to come back at once.
                """
        )

        @Argument(help: "The script.", completion: .file(extensions: ["vps"]))
        var file: String

        @Argument(help: ArgumentHelp("Values for the script's parameters, and options.", valueName: "name=values"))
        var arguments: [String] = []

        func run() throws {
            Interruption.install()
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor) {
                Interruption.request != .none
            }
            try leave(Interruption.during { runner.sweep(file, arguments: arguments) })
        }
    }
}
