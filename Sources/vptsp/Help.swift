import ArgumentParser
import Interpreter
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Help: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explain a command or an option of the language (proxies, proxies.alpha), or a subcommand.",
            discussion: "`help search WORDS` lists the topics that are explained with these words."
        )

        @Argument(
            help: ArgumentHelp("What to explain; everything in brief when left out.", valueName: "topic"),
            completion: .custom { _, _, _ in Help.known() })
        var topics: [String] = []

        private static func known() -> [String] {
            HelpText.topics() + VPTSP.configuration.subcommands.map { $0._commandName }
        }

        func run() throws {
            Terminal.standardOutput.write(text)
        }

        private var text: String {
            guard let topic = topics.first else { return HelpText.overview() }
            guard topics.count == 1 else { return HelpText.answer(to: topics) }
            let subcommand = VPTSP.configuration.subcommands.first { $0._commandName == topic && $0 != Help.self }
            return subcommand.map { VPTSP.helpMessage(for: $0) + "\n" } ?? HelpText.answer(to: topics)
        }
    }
}
