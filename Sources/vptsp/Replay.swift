import ArgumentParser
import Experiments
import Interpreter
import REPL
import Reporting
import func VPSSyntax.quoted

extension VPTSP {
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Repeat a run from its folder, and say whether it comes out the same.",
            discussion: """
                In a fresh folder. Compares the checkpoints' bytes, the losses of all steps and all figures, and names which of data, weights, program, \
                processor, kernels and threads differ by hash. The exit status is 70 when anything is not equal.
                """
        )

        @Argument(help: "Folder of the run, or its name under runs/.", completion: .directory)
        var folder: String

        @Option(help: "Threads of the engine; those that the run had when left out.")
        var threads: Int?

        @Flag(help: "Say what was found as JSON.")
        var json = false

        @Option(help: ArgumentHelp("Where the repetition is kept.", valueName: "folder"), completion: .directory)
        var root = "runs"

        func validate() throws {
            if let threads, !(1...1024).contains(threads) { throw ValidationError("Threads are 1 to 1024.") }
        }

        func run() throws {
            Interruption.install()
            let path = RunPath.resolved(folder)
            do { _ = try RunFolder.open(path) } catch { throw failure(error) }
            let session = Session(output: StandardOutput(), color: Terminal.standardError.isColor, runsFolder: root) { Interruption.request != .none }
            let options = [threads.map { "threads=\($0)" }, json ? "format=json" : nil].compactMap { $0 }
            let statement = (["replay \(quoted(path))"] + options).joined(separator: " ")
            try leave(Interruption.during { Interpreter.ExitCode(session.execute(statement, name: "vptsp replay")) })
        }
    }
}
