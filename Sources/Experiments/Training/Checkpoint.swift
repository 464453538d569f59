internal import TensorEngine
internal import TensorFiles
internal import VisionTransformers

/// Everything that the next step depends on and the seed does not give: the model's trained tensors, the container, the
/// optimiser's memory, and the place in training.
struct Checkpoint {
    var position: TrainingPosition
    /// Sum of the losses of the epoch's steps so far.
    var lossSum: Double
    /// Mean loss of the last epoch that is over, or of the steps of the one begun.
    var meanLoss: Double
    var tensors: [String: Tensor]
    let backbone: String
    let backboneIdentity: String
    let specificationHash: String

    private static let form = "vptsp checkpoint 1"
    private static let optimizerPrefix = "optimizer."

    /// Those of the model, without the optimiser's memory.
    var modelTensors: [String: Tensor] { tensors.filter { !$0.key.hasPrefix(Self.optimizerPrefix) } }

    /// Writes the file whole or not at all. Equal states give equal bytes: no time, path or thread count goes in.
    func write(to path: String) throws {
        let arrays = tensors.map { NamedArray(name: $0.key, shape: $0.value.shape, values: $0.value.array()) }
        // A file of the right length may still hold blocks that never reached the disk.
        let digest = try SHA256.hash(arrays: arrays)
        try SafeTensors.write(
            arrays,
            metadata: [
                "format": Self.form, "epoch": "\(position.epoch)", "step": "\(position.step)", "loss-sum": "\(lossSum)",
                "mean-loss": "\(meanLoss)", "sha256": digest,
                "backbone": backbone, "backbone.sha256": backboneIdentity, "specification": specificationHash,
            ], to: path)
    }

    /// - Throws: ``ExperimentError``, `TensorFileError` when the file is damaged or no checkpoint.
    init(path: String) throws {
        let file = try SafeTensorsFile(path: path)
        let metadata = file.metadata
        guard metadata["format"] == Self.form, let epoch = metadata["epoch"].flatMap({ Int($0) }),
            let step = metadata["step"].flatMap({ Int($0) }), epoch >= 0, step >= 0, let sum = metadata["loss-sum"].flatMap({ Double($0) }),
            let backbone = metadata["backbone"], let identity = metadata["backbone.sha256"], let hash = metadata["specification"]
        else { throw ExperimentError(.input, "\(path) is not a checkpoint of a run", help: ["a saved model is taken up with `restore` too, but cannot be trained on from the same step"]) }
        position = TrainingPosition(epoch: epoch, step: step)
        lossSum = sum
        // Those of the first version of this program have neither mean nor digest.
        meanLoss = metadata["mean-loss"].flatMap { Double($0) } ?? (step > 0 ? sum / Double(step) : 0)
        self.backbone = backbone
        backboneIdentity = identity
        specificationHash = hash
        let arrays = try file.names.map(file.array)
        if let digest = metadata["sha256"], try SHA256.hash(arrays: arrays) != digest {
            throw TensorFileError(file: path, "its values are not those that were written: the SHA-256 does not fit")
        }
        tensors = Dictionary(
            try arrays.map { ($0.name, try Tensor($0.values, shape: $0.shape)) }, uniquingKeysWith: { first, _ in first })
    }

    init(
        position: TrainingPosition, lossSum: Double, meanLoss: Double, tensors: [String: Tensor], backbone: String,
        backboneIdentity: String, specificationHash: String
    ) {
        self.position = position
        self.lossSum = lossSum
        self.meanLoss = meanLoss
        self.tensors = tensors
        self.backbone = backbone
        self.backboneIdentity = backboneIdentity
        self.specificationHash = specificationHash
    }
}
