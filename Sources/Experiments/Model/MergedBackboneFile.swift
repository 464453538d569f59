internal import MetricLearning
internal import TensorFiles

extension Experiment {
    /// Writes the backbone as it was trained, low-rank updates added to its weights, as ordinary timm weights: what
    /// `load … weights=` reads, and timm itself.
    /// - Returns: the number of values written.
    /// - Throws: ``ExperimentError`` when nothing that fits the settings is trained, and for a model that is more than a
    ///   network of that shape: one with prompts or adapters.
    @discardableResult
    public func saveMergedBackbone(to path: String) throws -> Int {
        let current = try modelToSave()
        let tensors: [NamedArray]
        do {
            tensors = try current.model.mergedBackbone().map { NamedArray(name: $0.name, shape: $0.value.shape, values: $0.value.array()) }
        } catch let error as MetricLearningError {
            throw ExperimentError(.specification, error.description, help: ["`save` without `merge` keeps everything that was trained, for `restore`"])
        }
        return try reading {
            try SafeTensors.write(tensors, metadata: ["format": "pt", "vptsp.merged-from.sha256": current.backboneIdentity], to: path)
            return tensors.reduce(0) { $0 + $1.values.count }
        }
    }
}
