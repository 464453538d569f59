/// A bottleneck `scale x LN(up(relu(down x)))` in each of the last blocks (method section 6).
public struct AdapterSpecification: Codable, Equatable, Sendable {
    public enum Placement: String, Codable, Equatable, Sendable, CaseIterable {
        /// Beside the MLP: its input is the stream after attention.
        case parallel
        /// Behind the MLP: its input is the MLP's output.
        case sequential
    }
    public enum Norm: String, Codable, Equatable, Sendable, CaseIterable { case post, pre, none }

    public var placement: Placement
    /// Blocks with an adapter, from the last on; nil is every block.
    public var layers: Int?
    /// Width of the bottleneck.
    public var dim: Int
    public var scale: Double
    /// Where the adapter's own layer norm stands: after `up`, before `down`, nowhere.
    public var norm: Norm

    public init(placement: Placement = .parallel, layers: Int? = nil, dim: Int = 256, scale: Double = 1, norm: Norm = .post) {
        self.placement = placement
        self.layers = layers
        self.dim = dim
        self.scale = scale
        self.norm = norm
    }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        guard (1...16384).contains(dim) else { throw ExperimentError(.specification, "adapter dim=\(dim) must be 1 to 16384") }
        guard scale.isFinite, scale != 0 else {
            throw ExperimentError(.specification, "adapter scale=\(scale) must be a number other than 0", help: ["`adapter none` leaves them out"])
        }
        try validateLastBlocks("adapter", layers: layers, depth: depth)
    }
}

/// The check that adapters and low-rank updates share.
func validateLastBlocks(_ command: String, layers: Int?, depth: Int?) throws {
    guard let layers else { return }
    guard layers >= 1 else {
        throw ExperimentError(.specification, "\(command) layers=\(layers) must be at least 1", help: ["`\(command) none` leaves them out"])
    }
    if let depth, layers > depth {
        throw ExperimentError(
            .specification, "\(command) layers=\(layers), but the backbone has \(depth) blocks", help: ["layers=\(depth) is every block"])
    }
}
