internal import CommandSchema
internal import Experiments
internal import Foundation
internal import Sweeps
import VPSAnalysis

/// What a session that runs a cell of a sweep gathers, and whom it tells how far it is.
final class CellContext {
    /// Numbers that commands returned; of two with one name the later one, of times the sum.
    private(set) var figures: [NamedFigure] = []
    /// Epochs after which each training ends, whatever it asks for.
    let lastEpoch: Int?
    /// False once a training was ended there.
    private(set) var isWhole = true
    private let tell: (WorkerMessage) -> Void
    private var trainings = 0
    private var plan: TrainingPlan?

    init(lastEpoch: Int?, tell: @escaping (WorkerMessage) -> Void) {
        self.lastEpoch = lastEpoch
        self.tell = tell
    }

    /// The same for the same `train` of the cell whenever it is run, so that it finds what it did before.
    func nextRunName() -> String {
        trainings += 1
        return "train-\(trainings)"
    }

    /// Whether a training that did not go to its end has gone as far as the cell is to go for now.
    func mayEnd(_ outcome: TrainingOutcome) -> Bool {
        guard let lastEpoch, outcome.position.epoch >= lastEpoch else { return false }
        isWhole = false
        return true
    }

    /// What `load` and `data` say of themselves is no figure of the cell.
    func receive(_ result: Value?, of command: CommandDeclaration) {
        guard command.topic == .training || command.topic == .evaluation, case .record(let record)? = result else { return }
        for field in record.fields {
            guard let value = field.value.double else { continue }
            guard let place = figures.firstIndex(where: { $0.name == field.name }) else {
                figures.append(NamedFigure(name: field.name, value: value))
                continue
            }
            // What a cell takes is what all of its commands take.
            figures[place].value = field.name == "minutes" ? figures[place].value + value : value
        }
    }

    func receive(_ event: TrainingEvent) {
        switch event {
        case .began(let plan): self.plan = plan
        case .step(let step):
            guard let plan else { return }
            tell(.progress(done: step.epoch * plan.stepsPerEpoch + step.step + 1, total: plan.steps, loss: step.loss))
        default: break
        }
    }
}

extension Session {
    /// In a cell that was stopped before: what its `train` had done by then.
    /// - Returns: the outcome of a training that is whole.
    func takeUpRunOfCell() throws -> TrainingOutcome? {
        guard cell != nil, let name = experiment.specification.training.name else { return nil }
        let path = "\(runsFolder)/\(name)"
        switch try experiment.takeUp(run: path) {
        case .complete(let outcome): return outcome
        case .partly: return nil
        case .nothing:
            // What is left there was made by other settings, or has no checkpoint yet; the name is this training's.
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
    }
}
