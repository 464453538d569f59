internal import Foundation
internal import MetricLearning
internal import TensorFiles

extension MetricModel {
    /// Its class prompts on disk; nil where they are in memory, or no file is attached.
    var bank: ClassPromptBank? { semantic?.rows?.store as? ClassPromptBank }
}

extension Experiment {
    /// Where a saved model's class prompts lie: `model.class-prompts.bank` for `model.safetensors`.
    static func bankPath(beside path: String) -> String {
        let suffix = ".safetensors"
        return (path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path) + "." + ClassPromptBank.name
    }

    /// The head that a model's bank must have.
    private func bankHeader(_ model: TrainedModel, rows: ClassPromptRows, moments: Int) throws -> BankHeader {
        BankHeader(
            classes: rows.classes, width: rows.width, counts: rows.counts, moments: moments, seed: model.seed,
            identity: try model.settings.identity(classes: rows.classes, backboneIdentity: model.backboneIdentity))
    }

    /// Gives a model with `update=touched` the bank of its run: a new one, with the class prompts of the model that training
    /// starts from, or that of a run that goes on.
    /// - Parameters:
    ///   - isNew: nothing was trained yet; a file of an attempt that came to no checkpoint is replaced.
    ///   - position: of the checkpoint that training goes on from.
    /// - Throws: ``ExperimentError`` for a bank that is missing or another model's, or cannot be made.
    func attachBank(to model: TrainedModel, in folder: RunFolder, isNew: Bool, at position: TrainingPosition? = nil, writable: Bool = true) throws {
        // Of several processes the first one reads and writes it for all.
        guard folder.isKept, let rows = model.model.semantic?.rows else { return }
        var header = try bankHeader(model, rows: rows, moments: specification.optimizer.momentCount)
        guard isNew else {
            // Figures and embeddings need none; going on with training does, and says so.
            guard writable || FileManager.default.fileExists(atPath: folder.bankPath) else { return }
            rows.store = try reading {
                let bank = try ClassPromptBank.open(path: folder.bankPath, expected: header, writable: writable)
                if writable, let position { try folder.restoreRows(of: bank, at: position) }
                return bank
            }
            return
        }
        try reading {
            var origin: ClassPromptBank?
            if let path = specification.startsFrom {
                header.moments = 0
                origin = try ClassPromptBank.open(path: Self.bankPath(beside: path), expected: header, writable: false)
                header.moments = specification.optimizer.momentCount
            }
            header.seed = origin?.seed ?? header.seed
            try? FileManager.default.removeItem(atPath: folder.bankPath)
            rows.store = try ClassPromptBank.create(path: folder.bankPath, header: header)
            if let origin { try rows.copyRows(from: origin, moments: header.moments) }
        }
    }

    /// Gives a saved model the class prompts that lie beside it, if they do: only further training needs them.
    /// - Throws: ``ExperimentError`` when they are another model's.
    func attachBank(to model: TrainedModel, beside path: String) throws {
        let path = Self.bankPath(beside: path)
        guard let rows = model.model.semantic?.rows, FileManager.default.fileExists(atPath: path) else { return }
        rows.store = try reading { try ClassPromptBank.open(path: path, expected: bankHeader(model, rows: rows, moments: 0), writable: false) }
    }

    /// Writes the class prompts of a model that is saved to `path`.
    func saveBank(of model: TrainedModel, beside path: String) throws {
        guard let rows = model.model.semantic?.rows else { return }
        guard let bank = model.model.bank else {
            throw ExperimentError(
                .state, "the model was restored without its class prompts, so they cannot be saved with it",
                help: ["put its .\(ClassPromptBank.name) file beside it and `restore` it again"])
        }
        try bank.copy(to: Self.bankPath(beside: path), versions: rows.version)
    }
}

extension OptimizerSpecification {
    /// Numbers that the optimiser remembers of each value.
    var momentCount: Int { kind == .sgd ? (momentum == 0 ? 0 : 1) : 2 }
}
