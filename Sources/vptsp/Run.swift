import ArgumentParser
import Interpreter
import REPL
import Reporting

extension VPTSP {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a script, then run it.",
            discussion: "Ctrl-C stops at the next safe point and keeps what is done."
        )

        @Argument(help: "The script.", completion: .file(extensions: ["vps"]))
        var file: String

        @Argument(help: ArgumentHelp("Values for the script's parameters.", valueName: "name=value"))
        var parameters: [String] = []

        func run() throws {
            Interruption.install()
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor) {
                Interruption.request != .none
            }
            try leave(Interruption.during { runner.run(file, arguments: parameters) })
        }
    }
}
