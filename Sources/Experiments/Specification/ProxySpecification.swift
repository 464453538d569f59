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
    }
    public enum Normalization: String, Codable, Equatable, Sendable, CaseIterable { case each, last }
    public enum Cell: String, Codable, Equatable, Sendable, CaseIterable { case relu, tanh }
    public enum Range: String, Codable, Equatable, Sendable, CaseIterable { case all, batch }

    public var kind: Kind
    /// Weight of O in Q = normalize((1 - alpha) P + alpha O), 0...1.
    public var alpha: Double
    /// Share of the stored proxy that `mean` keeps at an update, 0...1.
    public var keep: Double
    /// Blocks that get class prompts; nil is every block.
    public var layers: Int?
    /// Class prompts of a block, for each class.
    public var count: Int
    /// Where the GRU normalises: after each sample (the paper) or after the last (the authors' program).
    public var normalization: Normalization
    public var cell: Cell
    /// The proxies of the loss: of all classes, or of the batch's.
    public var range: Range

    public init(
        kind: Kind = .gru, alpha: Double = 0.5, keep: Double = 0.8, layers: Int? = nil, count: Int = 3,
        normalization: Normalization = .each, cell: Cell = .relu, range: Range = .all
    ) {
        self.kind = kind
        self.alpha = alpha
        self.keep = keep
        self.layers = layers
        self.count = count
        self.normalization = normalization
        self.cell = cell
        self.range = range
    }

    /// True when classes have prompts and semantic proxies of their own.
    public var isSemantic: Bool { kind != .none }

    /// - Parameter depth: blocks of the backbone; nil while none is loaded.
    public func validate(depth: Int?) throws {
        guard (0...1).contains(alpha) else {
            throw ExperimentError(.specification, "proxies alpha=\(alpha) is a weight: 0 (only semantic) to 1 (only learned)")
        }
        guard (0...1).contains(keep) else { throw ExperimentError(.specification, "proxies keep=\(keep) is a share: 0 to 1") }
        if isSemantic { try validateTokens("proxies", layers: layers, count: count, depth: depth) }
    }
}
