import ArgumentParser
import Diagnostics
import Foundation
import Interpreter
import Reporting
import VPSAnalysis
import enum VPSSyntax.Formatter
import func VPSSyntax.quoted

extension VPTSP {
    struct Format: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fmt",
            abstract: "Write scripts in the canonical form, each in its place.",
            discussion: """
                Comments and empty lines stay; several empty lines become one. `-` reads standard input and writes to \
                standard output. A text that is no script is left alone, and the exit status is 65.
                """
        )

        @Flag(help: "Write nothing; name the files that would change, and exit with status 1 when there are any.")
        var check = false

        @Argument(help: "The scripts, or `-`.", completion: .file(extensions: ["vps"]))
        var files: [String]

        func run() throws {
            var statuses: [Interpreter.ExitCode] = []
            var changed = false
            for file in files {
                let (status, isChanged) = format(file)
                statuses.append(status)
                changed = changed || isChanged
            }
            try leave(statuses.first { $0 != .success } ?? .success)
            if check, changed { throw ArgumentParser.ExitCode(1) }
        }

        private func format(_ name: String) -> (status: Interpreter.ExitCode, isChanged: Bool) {
            let isStandardInput = name == "-"
            let path = PathText.expanded(name)
            let text: [UInt8]
            do {
                text = isStandardInput ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : try LocalFiles().contents(of: path)
            } catch {
                say("error: cannot read \(quoted(name))\n")
                return (.inputMissing, false)
            }
            var sources = SourceMap()
            let file = sources.add(name: isStandardInput ? "<stdin>" : name, text: text)
            switch Formatter.format(text, file: file) {
            case .rejected(let diagnostics):
                let renderer = DiagnosticRenderer(color: Terminal.standardError.isColor)
                say(diagnostics.map { renderer.render($0, in: sources) }.joined(separator: "\n"))
                return (.rejected, false)
            case .formatted(let formatted):
                let isChanged = Array(formatted.utf8) != text
                if check {
                    if isChanged { Terminal.standardOutput.write("\(name)\n") }
                } else if isStandardInput {
                    Terminal.standardOutput.write(formatted)
                } else if isChanged {
                    do {
                        try replace(path, by: formatted)
                    } catch {
                        say("error: cannot write \(quoted(name)): \(error.localizedDescription)\n")
                        return (.failed, isChanged)
                    }
                }
                return (.success, isChanged)
            }
        }

        /// Through a link to the file that it names, with the permissions that the file had.
        private func replace(_ path: String, by text: String) throws {
            let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            let permissions = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions]
            try Data(text.utf8).write(to: url, options: .atomic)
            if let permissions { try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: url.path) }
        }

        private func say(_ text: String) { Terminal.standardError.write(text) }
    }
}
