import ArgumentParser
import LanguageServer

extension VPTSP {
    struct Serve: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lsp",
            abstract: "Serve editors over standard input and output (Language Server Protocol).",
            discussion: "Diagnostics, completion, hover, signatures, definition, references, rename, formatting, folding, symbols."
        )

        /// Editors add it to the command line of every server.
        @Flag(help: .hidden)
        var stdio = false

        func run() throws {
            var server = LanguageServer()
            let status = server.serve()
            if status != 0 { throw ArgumentParser.ExitCode(status) }
        }
    }
}
