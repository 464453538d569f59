import ArgumentParser
import Foundation
import Interpreter
import REPL
import Reporting
import VPSAnalysis
import func VPSSyntax.quoted

extension VPTSP {
    struct Runs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List, find, tag, compare, export and remove runs.",
            discussion: "`vptsp help runs` explains conditions, names and the index.",
            subcommands: [List.self, Show.self, Tag.self, Untag.self, Compare.self, Export.self, Remove.self], defaultSubcommand: List.self)

        /// Where the runs lie.
        struct Place: ParsableArguments {
            @Option(help: ArgumentHelp("The folder of runs.", valueName: "folder"), completion: .directory)
            var root = "runs"

            /// Carries out a statement of the language.
            func execute(_ statement: String) -> Interpreter.ExitCode {
                let session = Session(output: StandardOutput(), color: Terminal.standardError.isColor, runsFolder: PathText.expanded(root))
                return Interpreter.ExitCode(session.execute(statement, name: "vptsp runs"))
            }
        }

        static func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "A line for each run, the newest first.")

            @Argument(help: ArgumentHelp("Condition, such as 'method=vptsp-g and recall@1>0.8'.", valueName: "condition"))
            var condition: String?

            @Option(help: "What to sort by, smallest first: recall@1, loss, optim.lr, …")
            var sort: String?

            @Flag(help: "Largest first.")
            var descending = false

            @Option(help: "List so many at most.")
            var limit: Int?

            @Flag(help: "Those of sweeps too.")
            var all = false

            @Flag(help: "Print them as JSON, with every figure and setting.")
            var json = false

            @Flag(help: "Print them as CSV, with every figure and setting.")
            var csv = false

            @OptionGroup var place: Place

            func validate() throws {
                if json, csv { throw ValidationError("--json and --csv do not go together.") }
                if let limit, limit < 1 { throw ValidationError("The limit must be 1 or more.") }
            }

            func run() throws {
                let parts = [
                    condition.map { "where=" + quoted($0) }, sort.map { "sort=" + quoted($0) }, descending ? "descending" : nil, limit.map { "limit=\($0)" },
                    all ? "all" : nil, json ? "format=json" : csv ? "format=csv" : nil,
                ]
                try leave(place.execute("runs list " + parts.compactMap { $0 }.joined(separator: " ")))
            }
        }

        /// Runs that are named one by one.
        struct Named: ParsableArguments {
            @Argument(help: "Folders of runs, or their names.", completion: .directory)
            var runs: [String]

            @OptionGroup var place: Place

            func execute(_ verb: String, more: String = "") -> Interpreter.ExitCode { place.execute("runs \(verb) runs=\(Runs.list(runs))\(more)") }
        }

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Everything about some runs.")

            @OptionGroup var named: Named

            func run() throws { try leave(named.execute("show")) }
        }

        struct Tagged: ParsableArguments {
            @Argument(help: "The tag.")
            var tag: String

            @OptionGroup var named: Named

            func execute(_ verb: String) -> Interpreter.ExitCode { named.execute(verb, more: " tags=\(Runs.list([tag]))") }
        }

        struct Tag: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Give runs a tag.")

            @OptionGroup var tagged: Tagged

            func run() throws { try leave(tagged.execute("tag")) }
        }

        struct Untag: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Take a tag away from runs.")

            @OptionGroup var tagged: Tagged

            func run() throws { try leave(tagged.execute("untag")) }
        }

        struct Compare: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Settings in which runs differ, and their figures, side by side.",
                discussion: "`vptsp compare` says whether two of them differ by more than chance.")

            @OptionGroup var named: Named

            func validate() throws {
                guard named.runs.count > 1 else { throw ValidationError("A comparison takes two runs or more.") }
            }

            func run() throws { try leave(named.execute("compare")) }
        }

        struct Export: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Write runs with every figure and setting to a file.")

            @Argument(help: "The file: .csv or .json.", completion: .file(extensions: ["csv", "json"]))
            var output: String

            @Argument(help: ArgumentHelp("Condition, such as 'method=vptsp-g and recall@1>0.8'.", valueName: "condition"))
            var condition: String?

            @Flag(help: "Those of sweeps too.")
            var all = false

            @OptionGroup var place: Place

            func run() throws {
                let parts = [condition.map { "where=" + quoted($0) }, all ? "all" : nil]
                try leave(place.execute((["runs list output=" + quoted(output)] + parts.compactMap { $0 }).joined(separator: " ")))
            }
        }

        struct Remove: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Delete the folders of runs.", discussion: "Asks first; where nobody can be asked, it wants --yes. A run that a process is at work on stays.")

            @OptionGroup var named: Named

            @Flag(help: "Do not ask.")
            var yes = false

            func run() throws {
                guard !yes else { return try leave(named.execute("remove", more: " yes")) }
                // Says what would go.
                let code = named.execute("remove")
                guard code == .success, isatty(0) == 1 else { return try leave(code == .success ? .usage : code) }
                Terminal.standardError.write("Remove them? [y/N] ")
                guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else { return }
                try leave(named.execute("remove", more: " yes"))
            }
        }
    }
}
