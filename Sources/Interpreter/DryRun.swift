internal import CommandSchema
internal import Diagnostics
internal import Experiments
import Reporting
import VPSAnalysis

/// `vptsp check --plan`: settings are made, models and data are loaded, and nothing is trained, measured or written;
/// each `train` says what it would take.
final class DryRun {
    private let output: any OutputSink

    init(output: any OutputSink) {
        self.output = output
    }

    /// Stands in for a command that does work.
    func result(of arguments: BoundArguments, in session: Session) throws -> Value {
        let place = session.place(of: arguments.span)
        if arguments.command.name == TrainHandler.name {
            session.experiment.specification.training = try TrainHandler.options(arguments, in: session)
            let estimate = try session.experiment.trainingEstimate()
            output.write("\(place.source):\(place.line)  \(estimate.line)\n")
        } else if arguments.command.takesBlock {
            output.write("\(place.source):\(place.line)  `\(arguments.command.name)`: its cells are not planned\n")
        }
        return arguments.expectedResult
    }

    /// A branch or loop whose course depends on what a command will have found.
    func skip(_ word: String, at span: SourceSpan, in session: Session) {
        let place = session.place(of: span)
        output.write("\(place.source):\(place.line)  `\(word)` depends on a result: not planned\n")
    }
}

extension TrainingEstimate {
    /// `train  233,088 parameters, 10 epochs x 150 steps of 16, about 210 MiB, roughly 40 s an epoch, 6 min 40 s in all`.
    var line: String {
        let mebibytes = Double(memory) / 1_048_576
        let size = mebibytes < 10_240 ? "\(NumberText.fixed(mebibytes, decimals: 0)) MiB" : "\(NumberText.fixed(mebibytes / 1_024, decimals: 1)) GiB"
        let steps = Double(stepsPerEpoch) * Double(epochs)
        let limit = stepLimit.flatMap { Double($0) < steps ? $0 : nil }
        let share = limit.map { Double($0) / steps } ?? 1
        let atMost = limit.map { ", at most \(grouped($0)) steps" } ?? ""
        let plural = epochs == 1 ? "epoch" : "epochs"
        return "train  \(grouped(parameters)) parameters, \(epochs) \(plural) x \(stepsPerEpoch) steps of \(batch)\(atMost), about \(size), "
            + "roughly \(Self.rough(secondsPerEpoch)) an epoch, \(Self.rough(secondsPerEpoch * Double(epochs) * share)) in all "
            + "(products run at \(NumberText.fixed(productRate / 1e9, decimals: 0)) GFLOP/s)"
    }

    /// One figure that counts: more would pretend to know.
    static func rough(_ seconds: Double) -> String {
        switch seconds {
        case ..<1: "1 s"
        case ..<90: "\(NumberText.fixed(seconds, decimals: 0)) s"
        case ..<5_400: "\(NumberText.fixed(seconds / 60, decimals: 0)) min"
        default: "\(NumberText.fixed(seconds / 3_600, decimals: 1)) h"
        }
    }
}
