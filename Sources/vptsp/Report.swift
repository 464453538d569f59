import ArgumentParser
import Experiments
import Interpreter
import REPL
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write an HTML page about a run, or about several beside each other.",
            discussion: "The page needs no other file. Model and data of the run are loaded to show neighbours, mistaken classes and a map; --brief leaves these out."
        )

        @Argument(help: "Folders of runs, or their names under runs/.", completion: .directory)
        var runs: [String]

        @Option(help: ArgumentHelp("The file to write; report.html in the run's folder, comparison.html beside several.", valueName: "file"), completion: .file(extensions: ["html"]))
        var output: String?

        @Flag(help: "Only what the runs' folders hold: nothing is embedded.")
        var brief = false

        @Option(help: "Which model of each run embeds: last, chosen (on validation) or best (on test).")
        var epoch = RunEpoch.last

        @Option(help: "Queries shown of each kind.")
        var queries = 6

        @Option(name: .customShort("k"), help: "Neighbours shown of each.")
        var neighbours = 8

        func validate() throws {
            guard (1...100).contains(queries) else { throw ValidationError("The queries must be 1 to 100.") }
            guard (1...50).contains(neighbours) else { throw ValidationError("The neighbours must be 1 to 50.") }
            guard runs.count <= 12 else { throw ValidationError("A page holds 12 runs at most.") }
            guard output?.lowercased().hasSuffix(".html") ?? true else { throw ValidationError("The file must end in .html.") }
        }

        func run() throws {
            Interruption.install()
            var bar: ProgressBar?
            do {
                let options = RunReport.Options(isBrief: brief, exhibit: .init(model: epoch, queries: queries, neighbours: neighbours))
                let report = try Interruption.during {
                    try RunReport(runs.map(RunPath.resolved), options: options, experiment: Experiment()) { done, total in
                        let shown = bar ?? ProgressBar("report", total: total, unit: "images")
                        bar = shown
                        shown.update(done: done)
                        return Interruption.request == .none
                    }
                }
                bar?.clear()
                let file = output.map(PathText.expanded) ?? report.usualFile
                try TextFile.write(report.html, to: file)
                for line in report.missing { Terminal.standardError.write("note: \(line)\n") }
                Terminal.standardOutput.write("\(file)\n")
            } catch {
                bar?.clear()
                if Interruption.request != .none { return try leave(.interrupted) }
                throw failure(error)
            }
        }
    }
}
