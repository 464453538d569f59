import ArgumentParser
import Experiments
import Interpreter
import Reporting
import VPSAnalysis

extension VPTSP {
    struct Plot: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw a curve of a run, or of several in one chart.",
            discussion: "On the terminal in characters; --output writes an SVG or a PNG too."
        )

        enum Subject: String, ExpressibleByArgument, CaseIterable { case loss, rate, recall, map }

        @Argument(help: "Folders of runs, or their names under runs/.", completion: .directory)
        var runs: [String]

        @Option(help: "What to draw: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")).")
        var of = Subject.loss

        @Flag(help: "Powers of ten at equal distances up the side.")
        var log = false

        @Option(help: ArgumentHelp("The file to write too, .svg or .png.", valueName: "file"), completion: .file(extensions: ["svg", "png"]))
        var output: String?

        func validate() throws {
            guard [".svg", ".png"].contains(where: { output?.lowercased().hasSuffix($0) ?? true }) else {
                throw ValidationError("The file must end in .svg or .png.")
            }
        }

        func run() throws {
            do {
                let plot = try RunPlot(runs.map(RunPath.resolved), subject: of.rawValue, isLogarithmic: log)
                Terminal.standardOutput.write(plot.text(on: Terminal.standardOutput.isTerminal ? Terminal.standardOutput : nil))
                try output.map { try plot.write(to: PathText.expanded($0)) }
            } catch {
                throw failure(error)
            }
        }
    }
}
