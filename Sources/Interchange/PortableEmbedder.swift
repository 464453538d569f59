import Foundation
import MetricLearning
import TensorEngine
import TensorFiles
import VisionTransformers

/// All of a model that turns a picture into an embedding, and nothing that only training needs: the backbone with what was tuned
/// and low-rank updates in its weights, prompts, adapters, head.
public struct PortableEmbedder {
    public let description: EmbedderDescription
    let model: MetricModel
    /// The backbone's, under timm's names.
    let backbone: [(name: String, value: Tensor)]

    public init(_ model: MetricModel, preprocessing: EmbedderDescription.Preprocessing) {
        self.model = model
        let configuration = model.backbone.configuration
        let adapter = model.configuration.adapters
        backbone = model.backbone.tensorsWithUpdates()
        description = EmbedderDescription(
            backbone: .init(configuration), isDistilled: configuration.layout.isDistilled, epsilon: configuration.layout.epsilon,
            prompts: model.prompts.isEmpty ? nil : model.configuration.prompts?.placement,
            adapters: adapter.map { .init(placement: $0.placement, norm: $0.norm, scale: $0.scale) }, head: model.configuration.head.kind,
            space: .init(model.space), preprocessing: preprocessing)
    }

    /// The description as JSON, keys sorted.
    func descriptionText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(description), as: UTF8.self)
    }

    private var besideBackbone: [Parameter] { model.prompts + model.backbone.insertions.adapters.sorted { $0.key < $1.key }.flatMap(\.value.parameters) + model.head.parameters }

    /// Writes safetensors for timm: `backbone.<timm name>`, `prompts.<layer>`, `adapters.<block>.…`, `head.…`; the description in the
    /// metadata under `embedder`.
    /// - Returns: values written.
    public func writeTimm(to path: String) throws -> Int {
        let named = backbone.map { ("backbone." + $0.name, $0.value) } + besideBackbone.map { ($0.name, $0.value) }
        let arrays = named.map { NamedArray(name: $0.0, shape: $0.1.shape, values: $0.1.array()) }
        try SafeTensors.write(arrays, metadata: ["format": "pt", "embedder": descriptionText()], to: path)
        return arrays.reduce(0) { $0 + $1.values.count }
    }
}
