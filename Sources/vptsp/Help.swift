import ArgumentParser
import Interpreter
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Help: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explain a command or an option of the language: proxies, proxies.alpha."
        )

        @Argument(help: "What to explain; everything in brief when left out.")
        var topic: String?

        func run() throws {
            Terminal.standardOutput.write(HelpText.topic(topic ?? ""))
        }
    }
}
