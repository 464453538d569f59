/// What tells timm's vision transformers apart beside their sizes; a plain one has none of it.
public struct ViTLayout: Codable, Equatable, Sendable {
    /// What the MLP's hidden layer goes through.
    public enum Activation: String, Codable, Sendable, CaseIterable {
        /// Exact GELU.
        case gelu
        /// x sigma(1.702 x), as OpenAI's CLIP was trained.
        case quickGELU = "quick-gelu"
    }

    /// A second class token that learned from a teacher (DeiT, Touvron et al. 2021); the feature is then the mean of both
    /// tokens, as timm's network without a classifier gives it.
    public var isDistilled: Bool
    /// Register tokens behind CLS (Darcet et al. 2024), 0 or more; no feature is taken from them.
    public var registers: Int
    /// Whether CLS and what stands with it before the patches have positions (DeiT-3 and DINOv2 with registers: no).
    public var hasLeadingPositions: Bool
    /// CLIP (Radford et al. 2021): a norm before the blocks, no bias in the patch projection, norms with epsilon 1e-5
    /// where the others have 1e-6.
    public var normalizesFirst: Bool
    /// Each branch of a block times a learned vector (LayerScale, Touvron et al. 2021; DINOv2, DeiT-3).
    public var hasLayerScale: Bool
    public var activation: Activation

    public init(
        isDistilled: Bool = false, registers: Int = 0, hasLeadingPositions: Bool = true, normalizesFirst: Bool = false,
        hasLayerScale: Bool = false, activation: Activation = .gelu
    ) {
        (self.isDistilled, self.registers, self.hasLeadingPositions) = (isDistilled, registers, hasLeadingPositions)
        (self.normalizesFirst, self.hasLayerScale, self.activation) = (normalizesFirst, hasLayerScale, activation)
    }

    /// Tokens before the patches: CLS, the distillation token, registers.
    public var leadingTokens: Int { 1 + (isDistilled ? 1 : 0) + registers }
    /// Of them, those that have a position.
    public var leadingPositions: Int { hasLeadingPositions ? leadingTokens : 0 }
    public var epsilon: Float { normalizesFirst ? 1e-5 : 1e-6 }
}
