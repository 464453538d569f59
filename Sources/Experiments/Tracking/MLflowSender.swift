internal import Foundation
internal import Interchange

/// Tells MLflow what a spool holds, a batch at a time.
struct MLflowSender {
    let store: any MLflowStore
    let experiment: String

    init(_ tracking: TrackingSpecification) {
        let place = tracking.mlflow ?? ""
        store = tracking.isServer ? MLflowServer(url: place) : MLflowFolder(root: place)
        experiment = tracking.experiment
    }

    /// What MLflow takes at once.
    static let metricsAtOnce = 1000

    /// Told, in one or two requests.
    struct Told {
        /// Of MLflow's run.
        var run: String
        /// Place in the spool behind what was told.
        var end: Int
        var metrics: Int
        /// What MLflow refused for good; let go.
        var refusal: String?
    }

    /// Tells the first items of a list.
    /// - Parameter run: MLflow's, as far as it is known.
    /// - Throws: `MLflowError` that may pass.
    func tell(_ items: [(item: MLflowSpool.Item, end: Int)], run: String?) throws -> Told? {
        guard let first = items.first else { return nil }
        switch first.item {
        case .begin(let begun):
            if let run {
                try store.update(run, experiment: experiment, status: .running, time: begun.time)
                return Told(run: run, end: first.end, metrics: 0)
            }
            return Told(run: try store.begin(begun), end: first.end, metrics: 0)
        case .status(let status, let time):
            return try refusable(run, first.end, 0) { try store.update($0, experiment: experiment, status: status, time: time) }
        case .metrics:
            var (metrics, end): ([MLflowMetric], Int) = ([], first.end)
            for (item, place) in items {
                guard case .metrics(let some, _, _) = item, metrics.count + some.count <= Self.metricsAtOnce else { break }
                metrics += some
                end = place
            }
            let all = metrics
            return try refusable(run, end, all.count) { try store.log(all, run: $0, experiment: experiment) }
        }
    }

    /// What MLflow refuses is let go and named: it would refuse it again.
    private func refusable(_ run: String?, _ end: Int, _ metrics: Int, _ body: (String) throws -> Void) throws -> Told {
        guard let run else { throw MLflowError("the spool has lost its beginning", mayPass: false) }
        do {
            try body(run)
            return Told(run: run, end: end, metrics: metrics)
        } catch let error as MLflowError where !error.mayPass {
            return Told(run: run, end: end, metrics: metrics, refusal: error.description)
        }
    }
}
