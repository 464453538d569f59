/// What turns the backbone's CLS feature into an embedding: LayerNorm, Linear(D, E), unit length.
public struct HeadSpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Equatable, Sendable, CaseIterable {
        case linear
        /// The feature itself at unit length; E = D.
        case none
    }
    public enum Initialization: String, Codable, Equatable, Sendable, CaseIterable {
        /// The paper's.
        case xavier
        /// Keeps angles between features when E = D: training starts from the frozen geometry.
        case orthogonal
    }

    public var kind: Kind
    /// Embedding width E; nil is D. The paper takes 384 for ViT-S/16 and 512 for ViT-B/16.
    public var dim: Int?
    public var initialization: Initialization

    public init(kind: Kind = .linear, dim: Int? = nil, initialization: Initialization = .xavier) {
        self.kind = kind
        self.dim = dim
        self.initialization = initialization
    }

    /// E for a backbone of width D.
    public func embeddingWidth(backbone width: Int) -> Int {
        kind == .none ? width : dim ?? width
    }

    public func validate() throws {
        if let dim, !(1...65_536).contains(dim) {
            throw ExperimentError(.specification, "head dim=\(dim) must be 1 to 65536", help: ["the paper takes 384 for ViT-S/16, 512 for ViT-B/16"])
        }
    }
}
