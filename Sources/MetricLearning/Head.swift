import TensorEngine

/// What turns the backbone's CLS token into an embedding.
public struct HeadConfiguration: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// LayerNorm (epsilon 1e-5), then Linear.
        case norm
        /// Linear alone (Ermolov et al. 2022).
        case linear
        /// Nothing: the embedding is the CLS token, as wide as the backbone.
        case none
    }
    public enum Initial: String, Codable, Sendable, CaseIterable {
        /// Xavier-uniform weight.
        case xavier
        /// Orthonormal rows or columns, which keep the frozen features' geometry as the starting point.
        case orthogonal
    }

    public var kind: Kind
    /// E; the backbone's width when `kind` is `none`.
    public var dim: Int
    public var initial: Initial

    public init(kind: Kind = .norm, dim: Int = 384, initial: Initial = .xavier) {
        (self.kind, self.dim, self.initial) = (kind, dim, initial)
    }
}

/// LayerNorm and Linear with bias: (B, D) to (B, E), not yet normalised.
public struct Head {
    /// `<prefix>.norm.{weight,bias}`, `<prefix>.linear.{weight,bias}`; none for a head of kind `none`.
    public let parameters: [Parameter]
    /// E.
    public let dim: Int
    private let norm: (weight: Parameter, bias: Parameter)?
    private let linear: (weight: Parameter, bias: Parameter)?

    /// - Parameters:
    ///   - width: D
    ///   - prefix: `head` or `proxy.head`. Orthogonal weights are the same for both, so that semantic proxies start in
    ///     the space of the embeddings; Xavier's differ.
    public init(_ configuration: HeadConfiguration, width: Int, prefix: String, seed: UInt64) throws {
        guard configuration.kind != .none else {
            (norm, linear, parameters, dim) = (nil, nil, [], width)
            return
        }
        guard configuration.dim >= 1 else { throw MetricLearningError("head dim is \(configuration.dim); expected 1 or more") }
        dim = configuration.dim
        func parameter(_ name: String, _ value: Tensor) -> Parameter { Parameter(name: "\(prefix).\(name)", value: value, isTrainable: true) }
        let weight = switch configuration.initial {
        case .xavier: Initialization.xavierUniform([dim, width], seed: seed, name: prefix + ".linear.weight")
        case .orthogonal: Initialization.orthogonal(rows: dim, columns: width, seed: seed, name: "head.linear.weight")
        }
        let last = (parameter("linear.weight", weight), parameter("linear.bias", Tensor(zeros: [dim])))
        linear = last
        if configuration.kind == .norm {
            let first = (parameter("norm.weight", Initialization.constant(1, [width])), parameter("norm.bias", Tensor(zeros: [width])))
            norm = first
            parameters = [first.0, first.1, last.0, last.1]
        } else {
            norm = nil
            parameters = [last.0, last.1]
        }
    }

    public func callAsFunction(_ features: Variable, tape: Tape) throws -> Variable {
        var x = features
        if let norm { x = try tape.layerNorm(x, weight: tape.parameter(norm.weight), bias: tape.parameter(norm.bias), epsilon: 1e-5) }
        if let linear { x = try tape.linear(x, weight: tape.parameter(linear.weight), bias: tape.parameter(linear.bias)) }
        return x
    }
}
