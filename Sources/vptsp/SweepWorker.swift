import ArgumentParser
import Interpreter
import REPL

extension VPTSP {
    /// Started by a sweep, for its cells; nobody types it.
    struct SweepWorker: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "sweep-worker", abstract: "Run cells of a sweep.", shouldDisplay: false)

        @Argument(help: "The sweep's folder.")
        var folder: String

        @Option(help: "Threads of the engine.")
        var threads: Int

        @Option(help: "Hash of the one cell to run; without it, cells are read from standard input.")
        var cell: String?

        func run() throws {
            Interruption.install()
            Interruption.followParent()
            let worker = Interpreter.SweepWorker(folder: folder, threads: threads, isHeard: cell == nil) { Interruption.request != .none }
            try leave(Interruption.during { cell.map { worker.run(cell: $0) } ?? worker.run() })
        }
    }
}
