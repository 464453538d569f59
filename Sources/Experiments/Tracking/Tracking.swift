internal import Foundation

/// Something that is told a training's figures beside the run's own folder. It never stops a training: what goes wrong is a notice.
protocol TrackingSink: AnyObject {
    func begin(_ plan: TrainingPlan)
    /// - Parameter time: seconds since 1970.
    func add(_ figures: TrackedFigures, at time: Double)
    /// Ends; waits a while for what is still on its way.
    /// - Parameter outcome: nil where training failed.
    func end(_ outcome: TrainingOutcome?)
    /// Lines for the user that were not taken yet.
    func takeNotices() -> [String]
}

/// Passes a training's events on, and gives the sinks their figures of them.
final class Tracking: TrainingObserver {
    private let sinks: [any TrackingSink]
    private let observer: (any TrainingObserver)?
    private var stepsPerEpoch = 0
    private var hasEnded = false

    init(_ sinks: [any TrackingSink], then observer: (any TrainingObserver)?) {
        self.sinks = sinks
        self.observer = observer
    }

    func receive(_ event: TrainingEvent) {
        if case .began(let plan) = event {
            stepsPerEpoch = plan.stepsPerEpoch
            for sink in sinks { sink.begin(plan) }
        }
        if let figures = TrackedFigures(event, stepsPerEpoch: stepsPerEpoch) {
            let now = Date().timeIntervalSince1970
            for sink in sinks { sink.add(figures, at: now) }
        }
        if case .ended(let outcome) = event { end(outcome) }
        tellNotices()
        observer?.receive(event)
    }

    /// Called when training is over, however it ended.
    func close() {
        end(nil)
        tellNotices()
    }

    private func end(_ outcome: TrainingOutcome?) {
        guard !hasEnded else { return }
        hasEnded = true
        for sink in sinks { sink.end(outcome) }
    }

    private func tellNotices() {
        for sink in sinks {
            for notice in sink.takeNotices() { observer?.notice(notice) }
        }
    }
}

extension Experiment {
    /// The observer that `train` tells, in front of the user's own.
    func tracking(_ folder: RunFolder, texts: RunTexts, then observer: (any TrainingObserver)?) -> Tracking? {
        guard let wanted = specification.tracking, wanted.isOn else { return nil }
        let resolved = texts.resolved(resolvedForTraining)
        let shown = [("script.vps", texts.script), ("resolved.vps", resolved)]
        var sinks: [any TrackingSink] = []
        if wanted.tensorBoard { sinks.append(TensorBoardSink(folder: folder, texts: shown.map { (name: $0.0, text: $0.1) })) }
        if wanted.mlflow != nil {
            sinks.append(MLflowSink(folder: folder, tracking: wanted, values: texts.values(resolvedForTraining), files: shown))
        }
        return Tracking(sinks, then: observer)
    }
}
