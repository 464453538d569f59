import TensorEngine
import VisionTransformers

extension MetricModel {
    /// The backbone as it was trained, low-rank updates added to its weights, under timm's names: a network of the same
    /// features that needs nothing of this program.
    /// - Throws: `MetricLearningError` where the model does more than a plain network can: prompts, adapters.
    public func mergedBackbone() throws -> [(name: String, value: Tensor)] {
        guard prompts.isEmpty else {
            throw MetricLearningError("prompts are tokens of their own: they cannot be merged into the backbone's weights")
        }
        do {
            return try backbone.mergedTensors()
        } catch let error as ViTError {
            throw MetricLearningError(error.description)
        }
    }
}
