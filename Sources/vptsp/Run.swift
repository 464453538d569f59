import ArgumentParser
import Interpreter
import REPL
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a script, then run it.",
            discussion: "Ctrl-C stops at the next safe point and keeps what is done."
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
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor) {
                Interruption.request != .none
            }
            try leave(Interruption.during { runner.run(file, arguments: parameters) })
        }
    }
}
