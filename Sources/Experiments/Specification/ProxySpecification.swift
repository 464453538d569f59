/// The proxies that embeddings are drawn to: learned alone, or semantic proxies made from class prompts
/// (Ren et al., ICLR 2024, section 3.3).
public struct ProxySpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Equatable, Sendable, CaseIterable {
        /// Only the learned proxies O, as in Proxy-Anchor.
        case none
        /// VPTSP-M: an exponential moving mean of the class's semantic proxies.
        case mean
        /// VPTSP-G: a gated recurrent unit over the class's semantic proxies.
        case gru
        /// Semantic proxies without class prompts.
        case simple
    }
    /// How images become a class's proxy.
    public enum Integration: String, Codable, Equatable, Sendable, CaseIterable { case gru, mean }
    /// What the second pass of `simple` proxies runs under.
    public enum SimplePrompts: String, Codable, Equatable, Sendable, CaseIterable {
        /// The prompts of `prompts`: the batch's own features.
        case generic
        case none
    }
    public enum Normalization: String, Codable, Equatable, Sendable, CaseIterable { case each, last }
    public enum Cell: String, Codable, Equatable, Sendable, CaseIterable { case relu, tanh }
    public enum Update: String, Codable, Equatable, Sendable, CaseIterable { case dense, touched }
    public enum Range: String, Codable, Equatable, Sendable, CaseIterable { case all, batch }

    public var kind: Kind
    /// Weight of O in Q = normalize((1 - alpha) P + alpha O), 0...1.
    public var alpha: Double
    /// Share of the stored proxy that `mean` keeps at an update, 0...1.
    public var keep: Double
    /// Blocks that get class prompts; nil is every block.
    public var layers: Int?
    /// Class prompts of block 0, for each class.
    public var count: Int
    /// How many fewer each block has than the one before it; those that are left out exist nowhere.
    public var step: Int
    /// Where the GRU normalises: after each sample (the paper) or after the last (the authors' program).
    public var normalization: Normalization
    public var cell: Cell
    /// Share of each new state of the GRU that is dropped in training, 0 up to but not 1.
    public var dropout: Double
    /// Of `simple`.
    public var simpleIntegration: Integration
    /// Of `simple`.
    public var simplePrompts: SimplePrompts
    /// The class prompts that a step moves: all, or those of the batch's classes, which then live on disk.
    public var update: Update
    /// The proxies of the loss: of all classes, or of the batch's.
    public var range: Range

    public init(
        kind: Kind = .gru, alpha: Double = 0.5, keep: Double = 0.8, layers: Int? = nil, count: Int = 3, step: Int = 0,
        normalization: Normalization = .each, cell: Cell = .relu, dropout: Double = 0, simpleIntegration: Integration = .gru,
        simplePrompts: SimplePrompts = .generic, update: Update = .dense, range: Range = .all
    ) {
        self.kind = kind
        self.alpha = alpha
        self.keep = keep
        self.layers = layers
        self.count = count
        self.step = step
        self.normalization = normalization
        self.cell = cell
        self.dropout = dropout
        self.simpleIntegration = simpleIntegration
        self.simplePrompts = simplePrompts
        self.update = update
        self.range = range
    }

    /// True when classes have semantic proxies.
    public var isSemantic: Bool { kind != .none }

    /// True when classes have prompts of their own.
    public var hasClassPrompts: Bool { kind == .gru || kind == .mean }

    /// How images become a class's proxy; nil without semantic proxies.
    public var integration: Integration? {
        switch kind {
        case .none: nil
        case .mean: .mean
        case .gru: .gru
        case .simple: simpleIntegration
        }
    }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        guard (0...1).contains(alpha) else {
            throw ExperimentError(.specification, "proxies alpha=\(alpha) is a weight: 0 (only semantic) to 1 (only learned)")
        }
        guard (0...1).contains(keep) else { throw ExperimentError(.specification, "proxies keep=\(keep) is a share: 0 to 1") }
        guard (0..<1).contains(dropout) else { throw ExperimentError(.specification, "proxies dropout=\(dropout) is a share: 0 up to but not 1") }
        if hasClassPrompts { try validateTokens("proxies", layers: layers, count: count, step: step, depth: depth) }
    }
}
