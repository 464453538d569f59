internal import Foundation
internal import Interchange

extension Experiment {
    /// Tells MLflow what it has not been told of a run.
    /// - Parameter shouldStop: read between messages.
    /// - Returns: figures sent and the store that has them; nil when nothing was waiting.
    /// - Throws: ``ExperimentError`` when the store still does not answer, or the run was never tracked; what was sent is sent.
    public func sync(run path: String, shouldStop: () -> Bool = { false }) throws -> (figures: Int, store: String)? {
        let folder = try RunFolder.open(path)
        guard let state = try MLflowSpool.state(of: folder) else {
            throw ExperimentError(.input, "\(path) was not tracked by MLflow", help: ["write `track mlflow=\"http://…\"` before `train`"])
        }
        let sender = MLflowSender(TrackingSpecification(mlflow: state.store, experiment: state.experiment))
        var figures = 0
        do {
            let spool = try MLflowSpool(folder: folder, store: state.store, experiment: state.experiment)
            guard !spool.isEmpty else { return nil }
            while !spool.isEmpty {
                guard !shouldStop() else { throw StoppedEarly() }
                guard let told = try sender.tell(spool.next(limit: MLflowSender.metricsAtOnce), run: spool.state.run) else { break }
                try spool.advance(to: told.end, run: told.run)
                if let refusal = told.refusal { throw MLflowError("refused \(told.metrics) figures, which are dropped: \(refusal)", mayPass: false) }
                figures += told.metrics
            }
            return (figures, state.store)
        } catch let error as MLflowError {
            throw ExperimentError(.running, "\(error)", help: ["what waits is kept in \(path)/mlflow.jsonl; `sync` again later"])
        } catch let error as CocoaError {
            throw ExperimentError(.input, "\(path)/mlflow.jsonl: \(describe(error))")
        }
    }
}
