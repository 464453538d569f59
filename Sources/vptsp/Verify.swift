import ArgumentParser
import Foundation
import Interpreter
import Reporting
import Verification

extension VPTSP {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a directory of reference cases through this program and compare the numbers.",
            discussion: "One line a case with the worst error and its tolerance. The exit status is 1 when a case fails."
        )

        @Argument(help: "A directory with a cases.json.", completion: .directory)
        var directory: String

        @Option(help: "Threads of the engine.")
        var threads = ProcessInfo.processInfo.activeProcessorCount

        @Option(help: "Of the products: f32 or bf16. The tolerances are those of f32.")
        var precision = "f32"

        @Option(help: "Whose, in f32: openblas, onednn or tiles.")
        var products = "openblas"

        func validate() throws {
            guard threads > 0 else { throw ValidationError("There must be at least one thread.") }
            guard VerificationRunner.precisions.contains(precision) else {
                throw ValidationError("There is no precision `\(precision)`; there are \(VerificationRunner.precisions.joined(separator: ", ")).")
            }
            guard VerificationRunner.libraries.contains(products) else {
                throw ValidationError("There are no products `\(products)`; there are \(VerificationRunner.libraries.joined(separator: ", ")).")
            }
        }

        func run() throws {
            guard FileManager.default.fileExists(atPath: directory + "/cases.json") else {
                Terminal.standardError.write("error: there is no \(directory)/cases.json\n")
                return try leave(.inputMissing)
            }
            let summary: VerificationRunner.Summary
            do {
                summary = try VerificationRunner.run(
                    directory: directory, output: { Terminal.standardOutput.write($0 + "\n") }, threads: threads, precision: precision,
                    products: products)
            } catch {
                throw failure(error)
            }
            if !summary.succeeded { throw ArgumentParser.ExitCode(1) }
        }
    }
}
