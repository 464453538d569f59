import ArgumentParser
import Foundation
import Interpreter
import Reporting

extension VPTSP {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check scripts without running them; every problem is reported."
        )

        @Argument(help: ArgumentHelp("The scripts, and values for their parameters.", valueName: "file|name=value"), completion: .file(extensions: ["vps"]))
        var arguments: [String]

        func run() throws {
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor)
            let files = arguments.filter { !$0.contains("=") || FileManager.default.fileExists(atPath: $0) }
            let parameters = arguments.filter { !files.contains($0) }
            guard !files.isEmpty else { throw ValidationError("name a script to check") }
            let codes = files.map { runner.check($0, arguments: parameters) }
            try leave(codes.first { $0 != .success } ?? .success)
        }
    }
}
