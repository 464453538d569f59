/// Where a training's figures go beside the run's own folder. Results do not depend on it.
public struct TrackingSpecification: Codable, Equatable, Sendable {
    /// Event files in the run's folder.
    public var tensorBoard: Bool
    /// Address of an MLflow server, or the folder of a file store; nil for none.
    public var mlflow: String?
    /// Experiment of MLflow.
    public var experiment: String

    public init(tensorBoard: Bool = false, mlflow: String? = nil, experiment: String = "vptsp") {
        (self.tensorBoard, self.mlflow, self.experiment) = (tensorBoard, mlflow, experiment)
    }

    public var isOn: Bool { tensorBoard || mlflow != nil }

    /// Whether it names a server; the rest is a folder.
    var isServer: Bool { mlflow.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? false }

    public func validate() throws {
        guard let mlflow else { return }
        let isOfOtherKind = mlflow.contains("://") && !isServer
        guard !mlflow.isEmpty, !isOfOtherKind else {
            throw ExperimentError(
                .specification, "`\(mlflow)` is neither a server nor a folder of MLflow", help: ["track mlflow=\"http://127.0.0.1:5000\"", "track mlflow=\"mlruns\""])
        }
        guard !experiment.isEmpty, experiment.count <= 200, !experiment.contains(where: \.isNewline) else {
            throw ExperimentError(.specification, "an experiment's name has 1 to 200 characters on one line")
        }
    }
}
