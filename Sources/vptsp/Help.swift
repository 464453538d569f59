import ArgumentParser
import Interpreter
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Help: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explain a command or an option of the language (proxies, proxies.alpha), or a subcommand."
        )

        @Argument(help: "What to explain; everything in brief when left out.")
        var topic: String?

        func run() throws {
            let subcommand = VPTSP.configuration.subcommands.first { $0._commandName == topic && $0 != Help.self }
            let text = subcommand.map { VPTSP.helpMessage(for: $0) + "\n" } ?? topic.map { HelpText.topic($0) } ?? HelpText.overview()
            Terminal.standardOutput.write(text)
        }
    }
}
