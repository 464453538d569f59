internal import Foundation

extension Experiment {
    /// Writes the trained model: what was trained, its settings, and the backbone it belongs to.
    /// - Parameter wholeBackbone: writes the backbone's frozen tensors too.
    /// - Returns: the number of values written.
    @discardableResult
    public func save(to path: String, wholeBackbone: Bool = false) throws -> Int {
        let current = try modelToSave()
        return try reading {
            try saveBank(of: current, beside: path)
            return try ModelFile.write(
                current.model, settings: current.settings, seed: current.seed, backboneIdentity: current.backboneIdentity,
                wholeBackbone: wholeBackbone, to: path)
        }
    }

    /// The trained model that fits the settings.
    func modelToSave() throws -> TrainedModel {
        guard let current = currentModel else {
            throw trained == nil
                ? ExperimentError(.state, "there is no trained model to save", help: ["`train` makes one"])
                : ExperimentError(
                    .state, "the settings have changed since the model was trained",
                    help: ["`train` makes one with these settings; the old one is in its run's folder"])
        }
        return current
    }

    /// What a `restore` brought back.
    public enum Restored: Equatable, Sendable {
        /// A saved model, trained for so many classes.
        case model(classes: Int)
        /// A run, with where it stands, whether that is its end, and what was wrong with newer checkpoints, a line each.
        case run(TrainingPosition, isComplete: Bool, damage: [String] = [])
        /// The model that a run had after an epoch, counted from 0.
        case epoch(Int, RunEpoch)
    }

    /// Takes up a saved model, or the folder of a run. The specification becomes that of the model, or of the run.
    /// - Parameter epoch: of a run, which of its models; nil where it stands, so that training goes on from there.
    /// - Throws: ``ExperimentError`` when the file belongs to another backbone, and when it is neither; then nothing has changed.
    @discardableResult
    public func restore(from path: String, epoch: RunEpoch? = nil) throws -> Restored {
        let before = (specification, trained, continued)
        do {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw ExperimentError(.input, "there is no model file or run \(path)")
            }
            guard isFolder.boolValue || epoch == nil else {
                throw ExperimentError(.specification, "epoch=\(epoch?.rawValue ?? "") picks one of a run's models, but \(path) is a file", help: ["give the run's folder"])
            }
            return try reading { try isFolder.boolValue ? restoreRun(path, epoch: epoch ?? .last) : restoreModel(path) }
        } catch {
            (specification, trained, continued) = before
            throw error
        }
    }

    private func restoreModel(_ path: String) throws -> Restored {
        let file = try ModelFile(path: path)
        let loaded = specification.backbone
        file.settings.apply(to: &specification)
        // The same weights may lie elsewhere on this machine; what counts is their hash.
        if let loaded { specification.backbone = loaded } else if file.settings.backbone?.isRandom == true { specification.seed = file.seed }
        let backbone = try readyBackbone()
        guard backbone.identity == file.backboneIdentity else {
            throw ExperimentError(
                .input, "\(path) was trained on \(file.settings.backbone?.name ?? "a backbone") \(Self.short(file.backboneIdentity)), but \(backbone.specification.name) \(Self.short(backbone.identity)) is loaded",
                help: ["load the backbone that the model belongs to before `restore`"])
        }
        let settings = ModelSettings(specification)
        // Settings are believed only as far as the file has values: nothing larger is made.
        let counts = ParameterCounts(specification, backbone: backbone.configuration, classes: file.classes)
        let held = file.tensors.values.reduce(0) { $0 + $1.count }
        guard counts.prompts + counts.adapters + counts.lora <= held else {
            throw ExperimentError(.input, "\(path) holds \(held) values, fewer than its settings ask for: it is damaged")
        }
        let model = try makeModel(settings, classes: file.classes)
        try model.restore(file.tensors)
        let restored = TrainedModel(model: model, settings: settings, backboneIdentity: backbone.identity, seed: specification.seed)
        try attachBank(to: restored, beside: path)
        trained = restored
        continued = nil
        specification.startsFrom = path
        return .model(classes: file.classes)
    }

    private func restoreRun(_ path: String, epoch: RunEpoch) throws -> Restored {
        let folder = try RunFolder.open(path)
        let manifest = try folder.manifest()
        let threads = specification.threads
        specification = manifest.specification
        specification.threads = threads
        let backbone = try readyBackbone()
        guard backbone.identity == manifest.weightsHash else {
            throw ExperimentError(
                .input, "\(path) was trained on weights \(Self.short(manifest.weightsHash)), but those found now are \(Self.short(backbone.identity))",
                help: ["put the weights back that the run began with"])
        }
        if epoch != .last { return try restore(epoch, of: folder, backbone: backbone) }
        guard let found = try folder.newestCheckpoint() else {
            throw ExperimentError(.input, "\(path) has no checkpoint: it ended before its first", help: ["`vptsp resume \(path)` begins it again"])
        }
        let checkpoint = found.checkpoint
        let made = try freshModel()
        try made.model.restore(checkpoint.modelTensors)
        try attachBank(to: made, in: folder, isNew: false, writable: false)
        trained = made
        trained?.run = RunModel(folder: folder, model: .last, position: checkpoint.position)
        continued = ContinuedRun(folder: folder, specification: specification)
        return .run(checkpoint.position, isComplete: checkpoint.position.epoch >= specification.training.epochs, damage: found.damage)
    }

    /// The beginning of a hash.
    static func short(_ identity: String) -> String { identity.hasPrefix("random") ? identity : identity.prefix(12) + "…" }
}
