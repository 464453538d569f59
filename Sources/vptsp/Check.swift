import ArgumentParser
import Interpreter
import Reporting

extension VPTSP {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check scripts without running them; every problem is reported."
        )

        @Argument(help: "The scripts.", completion: .file(extensions: ["vps"]))
        var files: [String]

        func run() throws {
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor)
            let codes = files.map { runner.check($0) }
            try leave(codes.first { $0 != .success } ?? .success)
        }
    }
}
