internal import ImageData
internal import Interchange
internal import MetricLearning
internal import TensorEngine

/// Files in which other programs find a trained network.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// Safetensors that timm and some lines of Python load.
    case timm
    /// One graph from pictures to embeddings.
    case onnx

    /// What such a file's name ends in.
    public var suffix: String {
        switch self {
        case .timm: ".safetensors"
        case .onnx: ".onnx"
        }
    }
}

extension Experiment {
    /// Writes what turns a picture into an embedding for another program: backbone with tuned parts merged, prompts, adapters, head.
    /// - Returns: the number of values written.
    /// - Throws: ``ExperimentError`` when nothing that fits the settings is trained, the name has another ending, or the network is
    ///   too large for the format.
    @discardableResult
    public func export(_ format: ExportFormat, to path: String) throws -> Int {
        guard path.lowercased().hasSuffix(format.suffix) else {
            throw ExperimentError(.specification, "`export \(format.rawValue)` writes a file that ends in \(format.suffix), not \(path)")
        }
        let current = try modelToSave()
        let embedder = PortableEmbedder(current.model, preprocessing: try preprocessing())
        do {
            return try reading {
                switch format {
                case .timm: try embedder.writeTimm(to: path)
                // Whatever precision training has: what the file holds is f32.
                case .onnx: try embedder.writeONNX(to: path, engine: Engine(threads: threads))
                }
            }
        } catch let error as MetricLearningError {
            throw ExperimentError(.specification, error.description)
        }
    }

    /// What `eval` and `embed` do with a picture.
    private func preprocessing() throws -> EmbedderDescription.Preprocessing {
        let transform = try transforms().evaluation
        guard case .centerCrop(let resize, let crop) = transform.geometry else {
            return .init(resize: nil, crop: nil, interpolation: nil, mean: transform.mean, std: transform.standardDeviation)
        }
        return .init(
            resize: resize, crop: crop, interpolation: transform.interpolation == .bicubic ? "bicubic" : "bilinear", mean: transform.mean,
            std: transform.standardDeviation)
    }
}
