import TensorEngine

/// How a class's stored semantic proxy takes in the proxies of its images (method section 4).
public enum ProxyIntegration: Codable, Equatable, Sendable {
    /// VPTSP-M: keep P + (1 - keep) mean of p, keep from 0 to 1.
    case mean(keep: Float = 0.8)
    /// VPTSP-G: one step of a gated recurrent unit for each image. Each step's new state, (1 - z) P + z N, loses the
    /// share `dropout` of its values, 0 up to below 1, before it is made a unit vector, as in the authors' program.
    case gru(norm: Norm = .each, cell: Cell = .relu, dropout: Float = 0)

    /// When the recurrent state is made a unit vector.
    public enum Norm: String, Codable, Sendable, CaseIterable {
        /// After every step, as the paper's equation has it.
        case each
        /// After the last one, as the authors' program has it.
        case last
    }
    /// What bounds the candidate state.
    public enum Cell: String, Codable, Sendable, CaseIterable { case relu, tanh }
}

/// The gated recurrent unit of VPTSP-G over rows of width E:
///
///     z = sigma(Wz p + Uz P + bz), r = sigma(Wr p + Ur P + br), N = relu(Wh p + r * (Uh P) + bh), P' = (1 - z) * P + z * N
struct ProxyGRU {
    private let wz, uz, bz, wr, ur, br, wh, uh, bh: Parameter

    var parameters: [Parameter] { [wz, uz, bz, wr, ur, br, wh, uh, bh] }

    /// Matrices Xavier-uniform, biases zero, named `proxy.gru.*`.
    init(dim: Int, seed: UInt64) {
        func matrix(_ name: String) -> Parameter {
            let name = "proxy.gru." + name
            return Parameter(name: name, value: Initialization.xavierUniform([dim, dim], seed: seed, name: name), isTrainable: true)
        }
        func bias(_ name: String) -> Parameter { Parameter(name: "proxy.gru." + name, value: Tensor(zeros: [dim]), isTrainable: true) }
        (wz, uz, bz) = (matrix("wz"), matrix("uz"), bias("bz"))
        (wr, ur, br) = (matrix("wr"), matrix("ur"), bias("br"))
        (wh, uh, bh) = (matrix("wh"), matrix("uh"), bias("bh"))
    }

    /// One step for G classes: input (G, E), state (G, E) to the next state.
    func step(input p: Variable, state: Variable, cell: ProxyIntegration.Cell, tape: Tape) throws -> Variable {
        func gate(_ w: Parameter, _ u: Parameter, _ b: Parameter) throws -> Variable {
            let own = try tape.linear(p, weight: tape.parameter(w), bias: tape.parameter(b))
            return tape.sigmoid(try tape.linear(state, weight: tape.parameter(u), bias: nil, residual: own))
        }
        let (z, r) = (try gate(wz, uz, bz), try gate(wr, ur, br))
        let own = try tape.linear(p, weight: tape.parameter(wh), bias: tape.parameter(bh))
        let past = try tape.multiply(r, tape.linear(state, weight: tape.parameter(uh), bias: nil))
        let sum = try tape.add(own, past)
        let candidate = cell == .relu ? tape.relu(sum) : tape.tanh(sum)
        return try tape.add(state, tape.multiply(z, tape.subtract(candidate, state)))
    }
}
