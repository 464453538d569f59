internal import Foundation

extension Experiment {
    /// Makes the model of the chosen or of the best epoch the one at hand. The next training begins a new run that starts from it.
    /// - Parameter backbone: of the run, checked.
    func restore(_ epoch: RunEpoch, of folder: RunFolder, backbone: LoadedBackbone) throws -> Restored {
        guard let number = try folder.metrics().epoch(of: epoch) else {
            let missing = epoch == .chosen
                ? "no evaluation on validation classes: `data … validate=0.2` and `train evaluate=1` choose an epoch"
                : "no evaluation on the way: `train evaluate=1` makes some"
            throw ExperimentError(.input, "\(folder.path) has no epoch that is \(epoch.title)", help: ["the run made \(missing)"])
        }
        let path = folder.modelPath(epoch: number)
        guard FileManager.default.fileExists(atPath: path) else {
            throw ExperimentError(
                .input, "\(folder.path) has lost the model of epoch \(number + 1), \(epoch.title): there is no \(path)",
                help: ["`restore \"\(folder.path)\"` takes up the last one"])
        }
        let file = try ModelFile(path: path)
        guard file.backboneIdentity == backbone.identity else {
            throw ExperimentError(.input, "\(path) belongs to the backbone \(Self.short(file.backboneIdentity)), not to \(Self.short(backbone.identity))")
        }
        let settings = ModelSettings(specification)
        let model = try makeModel(settings, classes: file.classes)
        try model.restore(file.tensors)
        trained = TrainedModel(
            model: model, settings: settings, backboneIdentity: backbone.identity, seed: specification.seed,
            run: RunModel(folder: folder, model: epoch, position: TrainingPosition(epoch: number + 1, step: 0)))
        continued = nil
        specification.startsFrom = path
        return .epoch(number, epoch)
    }
}
