import ArgumentParser
import Experiments
import Interpreter
import Reporting

extension VPTSP {
    struct Table: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set finished runs beside a published table.",
            discussion: "Runs that differ in the seed alone share a row. What is no finished run is left out, and named."
        )

        enum Which: String, ExpressibleByArgument, CaseIterable { case paper1 }

        @Argument(help: "Which table: paper1 is table 1 of Ren et al. 2024.")
        var which: Which

        @Argument(help: "Folders of runs, or their names under runs/.", completion: .directory)
        var runs: [String]

        @Option(help: "Which test figure of each run: last, chosen (on validation) or best (on test).")
        var figure = RunEpoch.last

        @Flag(help: "Write Markdown.")
        var markdown = false

        @Flag(help: "Write the figures as JSON.")
        var json = false

        func validate() throws {
            guard !(markdown && json) else { throw ValidationError("--markdown and --json do not go together.") }
        }

        func run() throws {
            do {
                let table = try PaperTable(runs: runs.map(RunPath.resolved), figure: figure)
                let text = json ? String(decoding: try JSONFile.encode(table, pretty: true), as: UTF8.self) + "\n"
                    : markdown ? table.markdown : table.text(isUnicode: Terminal.standardOutput.isUnicode)
                Terminal.standardOutput.write(text)
            } catch {
                throw failure(error)
            }
        }
    }
}

extension RunEpoch: ExpressibleByArgument {}
