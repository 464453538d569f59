/// The learned tokens put before the tokens of every picture: VPT-deep (Jia et al. 2022).
public struct PromptSpecification: Codable, Equatable, Sendable {
    /// Whether there are any.
    public var isOn: Bool
    /// Blocks that get prompts, counted from the input; nil is every block.
    public var layers: Int?
    /// Prompts of a block.
    public var count: Int

    public init(isOn: Bool = true, layers: Int? = nil, count: Int = 10) {
        self.isOn = isOn
        self.layers = layers
        self.count = count
    }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        if isOn { try validateTokens("prompts", layers: layers, count: count, depth: depth) }
    }
}

/// The check that generic and class prompts share.
func validateTokens(_ command: String, layers: Int?, count: Int, depth: Int?) throws {
    guard (1...4096).contains(count) else {
        throw ExperimentError(.specification, "\(command) n=\(count) must be 1 to 4096 tokens a block", help: ["`\(command) none` leaves them out"])
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
