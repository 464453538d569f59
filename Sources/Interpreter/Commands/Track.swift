internal import Experiments
import VPSAnalysis

struct TrackHandler: CommandHandler {
    static let name = "track"

    func run(_ arguments: BoundArguments, in session: Session) throws -> Value? {
        let tracking = TrackingSpecification(
            tensorBoard: try arguments.flag("tensorboard"), mlflow: try arguments.optionalText("mlflow").map(PathText.expanded),
            experiment: try arguments.text("experiment"))
        guard try tracking.isOn || arguments.flag("none") else {
            throw ExperimentError(.specification, "`track` says where figures go", help: ["track tensorboard", "track mlflow=\"mlruns\"", "track none"])
        }
        try session.edit(arguments) { $0.tracking = tracking.isOn ? tracking : nil }
        return nil
    }
}
