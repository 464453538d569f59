import ArgumentParser
import Foundation
import Interpreter
import Reporting

extension VPTSP {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check scripts without running them; every problem is reported.",
            discussion: "Errors make the exit status 65, warnings only with --strict."
        )

        @Flag(help: "Let warnings count as errors.")
        var strict = false

        @Flag(help: "Load models and data too, and say what each training would take: parameters, steps, memory, time.")
        var plan = false

        @Flag(help: "Print what was found as a JSON array, one object a problem.")
        var json = false

        @Argument(help: ArgumentHelp("The scripts, and values for their parameters.", valueName: "file|name=value"), completion: .file(extensions: ["vps"]))
        var arguments: [String]

        func validate() throws {
            if plan, json { throw ValidationError("--json tells problems and --plan prints lines: choose one") }
        }

        func run() throws {
            let runner = ScriptRunner(output: StandardOutput(), color: Terminal.standardError.isColor)
            let files = arguments.filter { !$0.contains("=") || FileManager.default.fileExists(atPath: $0) }
            let parameters = arguments.filter { !files.contains($0) }
            guard !files.isEmpty else { throw ValidationError("name a script to check") }
            var found: [DiagnosticRecord] = []
            let codes = files.map { file in
                runner.check(file, arguments: parameters, isStrict: strict, tell: json ? { found += $0 } : nil)
            }
            if json { Terminal.standardOutput.write(try DiagnosticRecord.json(found) + "\n") }
            if plan {
                let plans = zip(files, codes).map { file, code in code == .success ? runner.plan(file, arguments: parameters) : code }
                return try leave(plans.first { $0 != .success } ?? .success)
            }
            try leave(codes.first { $0 != .success } ?? .success)
        }
    }
}
