import TensorEngine

/// The linear maps of a block that a low-rank update can be for.
public enum LowRankTarget: String, Codable, Sendable, CaseIterable {
    /// Query, key and value: a third each of the fused projection.
    case q, k, v
    /// The projection of the attention's output.
    case o
    /// The MLP's two layers.
    case fc1, fc2

    /// The fused map that it is a part of.
    var map: BlockMap {
        switch self {
        case .q, .k, .v: .qkv
        case .o: .projection
        case .fc1: .fc1
        case .fc2: .fc2
        }
    }

    /// (outputs, inputs) of the map that is updated.
    public func shape(in configuration: ViTConfiguration) -> (out: Int, in: Int) {
        switch self {
        case .q, .k, .v, .o: (configuration.dim, configuration.dim)
        case .fc1: (configuration.hidden, configuration.dim)
        case .fc2: (configuration.dim, configuration.hidden)
        }
    }

    /// The first row of the fused weight that it updates.
    func row(in configuration: ViTConfiguration) -> Int {
        switch self {
        case .k: configuration.dim
        case .v: 2 * configuration.dim
        case .q, .o, .fc1, .fc2: 0
        }
    }
}

/// The four products of a block.
enum BlockMap { case qkv, projection, fc1, fc2 }

/// W + scale x b a for a frozen W (LoRA, Hu et al. 2022).
public struct LowRankUpdate {
    public let target: LowRankTarget
    /// (r, in)
    public let a: Parameter
    /// (out, r)
    public let b: Parameter
    public let scale: Float

    public init(target: LowRankTarget, a: Parameter, b: Parameter, scale: Float) {
        (self.target, self.a, self.b, self.scale) = (target, a, b, scale)
    }
}

extension VisionTransformer {
    /// The linear map of a block with its low-rank updates: activation(x (W + U)^T + bias + residual).
    ///
    /// - Parameter outputs: only these of the map's outputs; each update lies wholly inside or outside of them
    func linear(
        _ x: Variable, _ map: BlockMap, weight: Parameter, bias: Parameter, block: Int, outputs: Range<Int>? = nil,
        activation: Activation = .none, residual: Variable? = nil, known: Tensor? = nil, result: ElementFormat = .f32, tape: Tape
    ) throws -> Variable {
        var residual = residual
        let range = outputs ?? 0..<(weight.value.shape.first ?? 0)
        let updates = insertions.updates[block, default: []].filter { $0.target.map == map && range.contains($0.target.row(in: configuration)) }
        if !updates.isEmpty {
            let terms = try updates.map { update in
                LowRankTerm(
                    hidden: try tape.linear(x, weight: tape.parameter(update.a), bias: nil), factor: tape.parameter(update.b),
                    column: update.target.row(in: configuration) - range.lowerBound, scale: update.scale)
            }
            residual = try tape.lowRankSum(terms, base: residual, width: range.count)
        }
        return try tape.linear(
            x, weight: tape.parameter(weight), bias: tape.parameter(bias), outputs: outputs, activation: activation, residual: residual, known: known, result: result)
    }

    /// Whether a map of a block stands alone, with no low-rank update beside it.
    func isPlain(_ map: BlockMap, block: Int) -> Bool { !insertions.updates[block, default: []].contains { $0.target.map == map } }

    /// Every tensor under its timm name, with the low-rank updates added to the weights they belong to: a network of the
    /// same function without updates.
    /// - Throws: `ViTError` for a network with adapters, which no weight can take up.
    public func mergedTensors() throws -> [(name: String, value: Tensor)] {
        guard insertions.adapters.isEmpty else {
            throw ViTError("adapters are not linear: they cannot be merged into the backbone's weights")
        }
        return tensorsWithUpdates()
    }

    /// The same of a network that may have adapters; they stay beside it.
    public func tensorsWithUpdates() -> [(name: String, value: Tensor)] {
        var tensors = parameters.map { (name: String($0.name.dropFirst("backbone.".count)), value: $0.value) }
        for (block, updates) in insertions.updates.sorted(by: { $0.key < $1.key }) {
            for update in updates {
                guard let place = tensors.firstIndex(where: { $0.name == "blocks.\(block).\(update.target.weightName)" }) else { continue }
                let merged = tensors[place].value.copy()
                update.add(to: merged, row: update.target.row(in: configuration))
                tensors[place].value = merged
            }
        }
        return tensors
    }
}

extension LowRankTarget {
    fileprivate var weightName: String {
        switch map {
        case .qkv: "attn.qkv.weight"
        case .projection: "attn.proj.weight"
        case .fc1: "mlp.fc1.weight"
        case .fc2: "mlp.fc2.weight"
        }
    }
}

extension LowRankUpdate {
    /// Sums in double: a merged weight is rounded once.
    fileprivate func add(to weight: Tensor, row: Int) {
        let (out, rank, inputs) = (b.value.shape[0], a.value.shape[0], a.value.shape[1])
        for o in 0..<out {
            for i in 0..<inputs {
                var sum = 0.0
                for r in 0..<rank { sum += Double(b.value.pointer[o * rank + r]) * Double(a.value.pointer[r * inputs + i]) }
                let place = (row + o) * inputs + i
                weight.pointer[place] = Float(Double(weight.pointer[place]) + Double(scale) * sum)
            }
        }
    }
}
