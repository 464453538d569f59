import TensorEngine

/// Learned tokens that stand before every image's own in the first `layers.count` blocks, each block with its own (VPT-deep, Jia et al. 2022).
public struct PromptSet {
    /// Parameter of layer l: (1, n, D) shared by all images, or (C, m, D) with one set a class.
    public let layers: [Parameter]
    /// The class of each image of the batch, for prompts of a class; nil for shared prompts.
    public let labels: [Int]?

    public init(shared layers: [Parameter]) {
        self.layers = layers
        labels = nil
    }

    public init(perClass layers: [Parameter], labels: [Int]) {
        self.layers = layers
        self.labels = labels
    }
}
