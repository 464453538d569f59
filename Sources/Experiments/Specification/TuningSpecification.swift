/// Which of the backbone's own weights are trained.
public enum TuningSpecification: String, Codable, Equatable, Sendable, CaseIterable {
    /// None of them.
    case frozen = "none"
    /// Every bias (BitFit, Zaken et al. 2022).
    case bitfit
    /// All of them.
    case full
    /// All of them but the patch embedding, as Hyp-ViT trains (Ermolov et al. 2022).
    case fullButPatchEmbedding = "full-but-patch-embedding"

    /// True when weights learn, not biases alone.
    var isFull: Bool { self == .full || self == .fullButPatchEmbedding }
}
