/// Low-rank updates `alpha / rank x b a` of frozen weights in the last blocks (LoRA, Hu et al. 2022).
public struct LowRankSpecification: Codable, Equatable, Sendable {
    /// The weights of a block that may be updated; `mlp` is both layers of the MLP.
    public enum Target: String, Codable, Equatable, Sendable, CaseIterable { case q, k, v, o, mlp }

    public var rank: Int
    /// Each once, in the order of ``Target``.
    public var targets: [Target]
    /// Nil is the rank, so that the update is b a itself.
    public var alpha: Double?
    /// Blocks with updates, from the last on; nil is every block.
    public var layers: Int?

    public init(rank: Int = 8, targets: [Target] = [.q, .v], alpha: Double? = nil, layers: Int? = nil) {
        self.rank = rank
        self.targets = Target.allCases.filter(targets.contains)
        self.alpha = alpha
        self.layers = layers
    }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        guard (1...16384).contains(rank) else { throw ExperimentError(.specification, "lora rank=\(rank) must be 1 to 16384") }
        guard !targets.isEmpty else {
            throw ExperimentError(.specification, "lora needs one target or more: q, k, v, o, mlp", help: ["`lora none` leaves the updates out"])
        }
        if let alpha, !alpha.isFinite || alpha == 0 {
            throw ExperimentError(.specification, "lora alpha=\(alpha) must be a number other than 0", help: ["`lora none` leaves the updates out"])
        }
        try validateLastBlocks("lora", layers: layers, depth: depth)
    }
}
