import ArgumentParser
import Experiments
import Interpreter
import MessagePassing
import REPL
import Reporting
import func VPSSyntax.quoted

extension VPTSP {
    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on with a run wherever it was stopped or killed, to the bytes of a run that nothing disturbed.",
            discussion: """
                From its newest checkpoint; from the one before where that is damaged; from the beginning where there is none yet. \
                What its script does after the training is not done: `vptsp run` with `restore` does that.
                """
        )

        @Argument(help: "Folder of the run, or its name under runs/.", completion: .directory)
        var folder: String

        @Option(help: "Threads of the engine; the bytes do not depend on them.")
        var threads: Int?

        func validate() throws {
            if let threads, !(1...1024).contains(threads) { throw ValidationError("Threads are 1 to 1024.") }
        }

        func run() throws {
            Interruption.install()
            let path = RunPath.resolved(folder)
            do { _ = try RunFolder.open(path) } catch { throw failure(error) }
            let group: ProcessGroup?
            do { group = try ProcessGroup.joined() } catch { throw failure(error) }
            let code = Interruption.during {
                SharedRun(group, output: StandardOutput()).code { output in
                    let session = Session(output: output, color: Terminal.standardError.isColor, experiment: Experiment(group: group)) { Interruption.request != .none }
                    session.experiment.specification.threads = threads
                    return Interpreter.ExitCode(session.execute("resume \(quoted(path))", name: "vptsp resume"))
                }
            }
            try leave(code)
        }
    }
}
