internal import Foundation
internal import MetricLearning
internal import TensorEngine
internal import TensorFiles

/// A saved model: what was trained, the settings it was made with, and the backbone it belongs to.
struct ModelFile {
    let settings: ModelSettings
    /// C, training classes.
    let classes: Int
    /// Of the run, on which a random backbone depends.
    let seed: UInt64
    let backboneIdentity: String
    let tensors: [String: Tensor]

    private static let form = "vptsp model 1"

    /// - Parameter wholeBackbone: writes the backbone's frozen tensors too.
    /// - Returns: the number of values written.
    static func write(
        _ model: MetricModel, settings: ModelSettings, seed: UInt64, backboneIdentity: String, wholeBackbone: Bool, to path: String
    ) throws -> Int {
        let arrays = model.savedTensors(wholeBackbone: wholeBackbone).map { NamedArray(name: $0.name, shape: $0.value.shape, values: $0.value.array()) }
        try SafeTensors.write(
            arrays,
            metadata: [
                "format": form, "backbone": settings.backbone?.name ?? "", "backbone.sha256": backboneIdentity,
                "classes": "\(model.configuration.classes)", "seed": "\(seed)", "settings": String(decoding: try JSONFile.encode(settings), as: UTF8.self),
            ], to: path)
        return arrays.reduce(0) { $0 + $1.values.count }
    }

    /// - Throws: `TensorFileError` for a damaged file, ``ExperimentError`` for one that is no saved model.
    init(path: String) throws {
        let file = try SafeTensorsFile(path: path)
        let metadata = file.metadata
        guard metadata["format"] == Self.form, let text = metadata["settings"], let classes = metadata["classes"].flatMap({ Int($0) }),
            (1...100_000_000).contains(classes), let seed = metadata["seed"].flatMap({ UInt64($0) }), let identity = metadata["backbone.sha256"]
        else {
            throw ExperimentError(
                .input, "\(path) is not a model that `save` wrote",
                help: ["weights of a backbone are loaded with `load … weights=`", "a run is taken up by its folder: `restore \"runs/…\"`"])
        }
        settings = try JSONFile.decode(ModelSettings.self, from: Array(text.utf8), name: path)
        self.classes = classes
        self.seed = seed
        backboneIdentity = identity
        tensors = Dictionary(
            try file.names.map { name in
                let array = try file.array(name)
                return (name, try Tensor(array.values, shape: array.shape))
            }, uniquingKeysWith: { first, _ in first })
    }
}
