import ArgumentParser
import Interpreter
import MessagePassing
import REPL
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a script, then run it.",
            discussion: """
                Ctrl-C stops at the next safe point and keeps what is done. Under `mpirun -n 4 vptsp run FILE`, or Slurm's \
                `srun`, the processes share each step's images and each evaluation's, and come to the same bytes as one.
                """
        )

        @Argument(help: "The script.", completion: .file(extensions: ["vps"]))
        var file: String

        @Argument(
            help: ArgumentHelp("Values for the script's parameters.", valueName: "name=value"),
            completion: .custom { words, _, _ in
                let script = words.first { $0.hasSuffix(".vps") }.map(PathText.expanded)
                return ParameterNames.completions(of: script.flatMap { try? LocalFiles().contents(of: $0) } ?? [])
            })
        var parameters: [String] = []

        func run() throws {
            Interruption.install()
            let group: ProcessGroup?
            do { group = try ProcessGroup.joined() } catch { throw failure(error) }
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor, group: group) {
                Interruption.request != .none
            }
            try leave(Interruption.during { runner.run(file, arguments: parameters) })
        }
    }
}
