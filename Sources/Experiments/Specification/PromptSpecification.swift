/// The learned tokens that every picture's tokens are given (Jia et al. 2022).
public struct PromptSpecification: Codable, Equatable, Sendable {
    public enum Placement: String, Codable, Equatable, Sendable, CaseIterable {
        /// VPT-deep: each block has its own, which go after it.
        case deep
        /// VPT-shallow: one set enters with the picture's tokens and stays to the end.
        case shallow
    }

    /// Whether there are any.
    public var isOn: Bool
    public var placement: Placement
    /// Blocks that get prompts, counted from the input; nil is every block, and for shallow prompts the only value.
    public var layers: Int?
    /// Prompts of block 0.
    public var count: Int
    /// How many fewer each block has than the one before it; those that are left out exist nowhere.
    public var step: Int

    public init(isOn: Bool = true, placement: Placement = .deep, layers: Int? = nil, count: Int = 10, step: Int = 0) {
        self.isOn = isOn
        self.placement = placement
        self.layers = layers
        self.count = count
        self.step = step
    }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        guard isOn else { return }
        try validateTokens("prompts", layers: layers, count: count, step: step, depth: depth)
        guard placement == .deep || layers == nil && step == 0 else {
            throw ExperimentError(.specification, "prompts where=shallow are one set at the input: layers and step belong to where=deep")
        }
    }
}

/// The check that generic and class prompts share.
func validateTokens(_ command: String, layers: Int?, count: Int, step: Int, depth: Int?) throws {
    guard (1...4096).contains(count) else {
        throw ExperimentError(.specification, "\(command) n=\(count) must be 1 to 4096 tokens a block", help: ["`\(command) none` leaves them out"])
    }
    guard (0...4096).contains(step) else {
        throw ExperimentError(.specification, "\(command) step=\(step) must be 0 to 4096 tokens a block")
    }
    guard let layers else { return }
    guard layers >= 1 else {
        throw ExperimentError(.specification, "\(command) layers=\(layers) must be at least 1", help: ["`\(command) none` leaves them out"])
    }
    if let depth, layers > depth {
        throw ExperimentError(
            .specification, "\(command) layers=\(layers), but the backbone has \(depth) blocks", help: ["layers=\(depth) puts them in every block"])
    }
}

/// Tokens of all layers together: layer l has max(count - l x step, 0).
func totalTokens(layers: Int, count: Int, step: Int) -> Int {
    (0..<max(layers, 0)).reduce(0) { $0 + max(count - $1 * step, 0) }
}
