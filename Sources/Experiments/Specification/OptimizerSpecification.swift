/// The optimiser and its rates; the learned proxies O have a rate of their own.
public struct OptimizerSpecification: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Equatable, Sendable, CaseIterable { case sgd, adam, adamw }
    public enum Clipping: Codable, Equatable, Sendable {
        /// Scales all gradients together so that their norm is at most this.
        case norm(Double)
        /// Bounds the size of each gradient.
        case value(Double)
    }

    public var kind: Kind
    /// Learning rate of everything but O and, where they have their own, the heads.
    public var rate: Double
    /// Learning rate of the head and of the semantic proxies' head; nil is `rate`.
    public var headRate: Double?
    /// Learning rate of O.
    public var proxyRate: Double
    public var weightDecay: Double
    /// SGD only.
    public var momentum: Double
    /// SGD only: Nesterov's step, which needs a momentum.
    public var nesterov: Bool
    /// Adam and AdamW: decay of the first and second moment.
    public var betas: [Double]
    /// Adam and AdamW: added to the root of the second moment.
    public var epsilon: Double
    public var clipping: Clipping?

    public init(
        kind: Kind = .sgd, rate: Double? = nil, headRate: Double? = nil, proxyRate: Double? = nil, weightDecay: Double? = nil,
        momentum: Double = 0.9, nesterov: Bool = false, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8, clipping: Clipping? = nil
    ) {
        self.kind = kind
        // The paper's recipes: CUB with SGD, Cars with AdamW.
        self.rate = rate ?? (kind == .sgd ? 5e-3 : 5e-4)
        self.proxyRate = proxyRate ?? (kind == .sgd ? 0.1 : 0.01)
        self.weightDecay = weightDecay ?? (kind == .sgd ? 1e-6 : 0)
        self.momentum = momentum
        self.nesterov = nesterov
        self.headRate = headRate
        self.betas = betas
        self.epsilon = epsilon
        self.clipping = clipping
    }

    public func validate() throws {
        for (name, value) in [("lr", rate), ("head-lr", headRate ?? rate), ("proxy-lr", proxyRate), ("weight-decay", weightDecay)] where !(value >= 0 && value.isFinite) {
            throw ExperimentError(.specification, "optim \(name)=\(value) must be a number of at least 0")
        }
        guard momentum >= 0, momentum < 1 else {
            throw ExperimentError(.specification, "optim momentum=\(momentum) must be 0 up to but not 1", help: ["the paper takes 0.9"])
        }
        guard !nesterov || momentum > 0 else {
            throw ExperimentError(.specification, "optim nesterov looks ahead along the momentum, but momentum=0", help: ["the usual one is momentum=0.9"])
        }
        guard betas.count == 2, betas.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
            throw ExperimentError(.specification, "optim betas=\(betas) must be two numbers from 0 up to but not 1", help: ["betas=[0.9, 0.999]"])
        }
        guard epsilon > 0 else { throw ExperimentError(.specification, "optim eps=\(epsilon) must be above 0") }
        switch clipping {
        case .norm(let bound)?, .value(let bound)?:
            guard bound > 0 else { throw ExperimentError(.specification, "gradients clipped at \(bound) would not move anything") }
        case nil: break
        }
    }
}
