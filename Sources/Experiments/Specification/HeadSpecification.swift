/// What turns the backbone's CLS feature into an embedding: LayerNorm, Linear(D, E); the loss's space does the rest.
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

    public enum Normalization: String, Codable, Equatable, Sendable, CaseIterable {
        /// LayerNorm before the linear layer: the paper's.
        case layer
        /// The linear layer alone (Ermolov et al. 2022).
        case none
    }

    public var kind: Kind
    /// Embedding width E; nil is D. The paper takes 384 for ViT-S/16 and 512 for ViT-B/16.
    public var dim: Int?
    public var initialization: Initialization
    public var normalization: Normalization

    public init(kind: Kind = .linear, dim: Int? = nil, initialization: Initialization = .xavier, normalization: Normalization = .layer) {
        self.kind = kind
        self.dim = dim
        self.initialization = initialization
        self.normalization = normalization
    }

    /// E for a backbone of width D.
    public func embeddingWidth(backbone width: Int) -> Int {
        kind == .none ? width : dim ?? width
    }

    /// Values of the head on a backbone of width D.
    func parameterCount(backbone width: Int) -> Int {
        guard kind == .linear else { return 0 }
        let dim = embeddingWidth(backbone: width)
        return (normalization == .layer ? 2 * width : 0) + dim * width + dim
    }

    public func validate() throws {
        if let dim, !(1...65_536).contains(dim) {
            throw ExperimentError(.specification, "head dim=\(dim) must be 1 to 65536", help: ["the paper takes 384 for ViT-S/16, 512 for ViT-B/16"])
        }
    }
}
