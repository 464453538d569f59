import ArgumentParser
import Interpreter
import REPL
import Reporting
import TensorFiles
import VisionTransformers

extension VPTSP {
    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download pretrained weights, checked; goes on where an earlier attempt stopped."
        )

        @Argument(help: "One of: \(PretrainedBackbone.allCases.map(\.rawValue).joined(separator: ", ")).")
        var model: PretrainedBackbone

        func run() throws {
            Interruption.install()
            var bar: ProgressBar?
            do {
                let weights = try Interruption.during {
                    try WeightResolver().fetch(model) { progress in
                        let mebibytes = { (bytes: Int) in bytes >> 20 }
                        let shown = bar ?? ProgressBar(model.rawValue, total: mebibytes(progress.total ?? 0), unit: "MiB")
                        bar = shown
                        shown.update(done: mebibytes(progress.received))
                        return Interruption.request == .none
                    }
                }
                bar?.clear()
                Terminal.standardOutput.write("\(weights.path)\n")
            } catch {
                bar?.clear()
                if Interruption.request != .none { return try leave(.interrupted) }
                throw failure(error)
            }
        }
    }
}

extension PretrainedBackbone: ExpressibleByArgument {}
