internal import Foundation
internal import Interchange

/// Writes a training's figures into event files in the run's folder, so that `tensorboard --logdir runs` shows every run by its name.
final class TensorBoardSink: TrackingSink {
    private let folder: RunFolder
    private let texts: [(name: String, text: String)]
    private var file: EventFile?
    private(set) var notices: [String] = []

    /// - Parameter texts: shown on the page of texts.
    init(folder: RunFolder, texts: [(name: String, text: String)]) {
        self.folder = folder
        self.texts = texts
    }

    func begin(_ plan: TrainingPlan) {
        writing {
            let now = Date().timeIntervalSince1970
            let steps = plan.start.epoch * plan.stepsPerEpoch + plan.start.step
            let earlier = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            let isFirst = !earlier.contains { $0.hasPrefix("events.out.tfevents.") }
            let file = try EventFile(folder: folder.path, takingUpAfter: isFirst ? nil : steps, time: now)
            if isFirst {
                for (name, text) in texts {
                    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
                    try file.add(text: lines.joined(separator: "\n"), tag: name, step: 0, time: now)
                }
            }
            self.file = file
        }
    }

    func add(_ tracked: TrackedFigures, at time: Double) {
        writing { try file?.add(tracked.figures.map { (tag: $0.name, value: $0.value) }, step: tracked.steps, time: time) }
    }

    func end(_ outcome: TrainingOutcome?) { file = nil }

    /// A file that cannot be written is no reason to stop training.
    private func writing(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            file = nil
            notices.append("tensorboard: no event file can be written in \(folder.path) any more (\(describe(error))); the run's events.jsonl has all figures")
        }
    }

    func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }
}
