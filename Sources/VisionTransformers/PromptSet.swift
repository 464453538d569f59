import TensorEngine

/// Learned tokens that are given to blocks beside every image's own (Jia et al. 2022).
public struct PromptSet {
    /// Parameter of layer l: (1, n, D) shared by all images, or (C, m, D) with one set a class. They stand before the
    /// tokens of the first `layers.count` blocks and go after each: VPT-deep.
    public let layers: [Parameter]
    /// The class of each image of the batch, for prompts of a class; nil for shared prompts.
    public let labels: [Int]?
    /// (1, n, D): rows that enter with the image's and stay in the sequence to the end: VPT-shallow.
    public let staying: Parameter?

    public init(shared layers: [Parameter]) {
        self.layers = layers
        labels = nil
        staying = nil
    }

    public init(perClass layers: [Parameter], labels: [Int]) {
        self.layers = layers
        self.labels = labels
        staying = nil
    }

    public init(staying: Parameter) {
        layers = []
        labels = nil
        self.staying = staying
    }
}
