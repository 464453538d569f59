import TensorEngine

/// What turns images into a network's first tokens.
struct TokenEmbedding {
    private let cls, position, patchWeight: Parameter
    private let registers, distillation, patchBias: Parameter?
    private let norm: (weight: Parameter, bias: Parameter)?
    private let layout: ViTLayout

    /// - Parameter parameters: the network's before its blocks, in the order of `ViTConfiguration.tensorShapes`
    init(_ parameters: [Parameter], layout: ViTLayout) {
        var rest = parameters[...]
        cls = rest.removeFirst()
        registers = layout.registers > 0 ? rest.removeFirst() : nil
        position = rest.removeFirst()
        distillation = layout.isDistilled ? rest.removeFirst() : nil
        patchWeight = rest.removeFirst()
        if layout.normalizesFirst {
            norm = (rest.removeFirst(), rest.removeFirst())
            patchBias = nil
        } else {
            norm = nil
            patchBias = rest.removeFirst()
        }
        self.layout = layout
    }

    var parameters: [Parameter] {
        [cls, position, patchWeight] + [registers, distillation, patchBias, norm?.weight, norm?.bias].compactMap { $0 }
    }

    /// - Parameter images: (B, 3, side, side)
    /// - Returns: (B, leading tokens + patches, D)
    func callAsFunction(_ images: Tensor, patch: Int, epsilon: Float, tape: Tape) throws -> Variable {
        let width = cls.value.width
        var leading = tape.parameter(cls)
        if let distillation { leading = try tape.appendRows(leading, tape.parameter(distillation)) }
        if let registers { leading = try tape.appendRows(leading, tape.parameter(registers)) }
        var positions = tape.parameter(position)
        if !layout.hasLeadingPositions {
            positions = try tape.appendRows(tape.constant(Tensor(zeros: [1, layout.leadingTokens, width])), positions)
        }
        let tokens = try tape.patchEmbedding(
            images, patch: patch, weight: tape.parameter(patchWeight), bias: patchBias.map(tape.parameter) ?? tape.constant(Tensor(zeros: [width])),
            leading: leading, position: positions)
        guard let norm else { return tokens }
        return try tape.layerNorm(tokens, weight: tape.parameter(norm.weight), bias: tape.parameter(norm.bias), epsilon: epsilon)
    }
}
