import TensorEngine

/// A bottleneck beside or behind the MLP of a block (Houlsby et al. 2019; parallel as in AdaptFormer, Chen et al. 2022):
/// `scale x LN(up(relu(down x)))`.
public struct BlockAdapter {
    public enum Placement: String, Codable, Sendable, CaseIterable {
        /// `x + mlp(LN2 x) + adapter(x)`, x the stream after attention.
        case parallel
        /// `x + h + adapter(h)`, h the MLP's output.
        case sequential
    }

    /// Where the adapter's own layer norm (epsilon 1e-5) stands.
    public enum Norm: String, Codable, Sendable, CaseIterable {
        /// After `up`.
        case post
        /// Before `down`.
        case pre
        case none
    }

    public struct Affine {
        public let weight, bias: Parameter

        public init(weight: Parameter, bias: Parameter) {
            (self.weight, self.bias) = (weight, bias)
        }
    }

    public let placement: Placement
    public let normPlace: Norm
    public let scale: Float
    /// (dim, D)
    public let down: Affine
    /// (D, dim)
    public let up: Affine
    /// Gain and bias, (D) each; nil exactly for ``Norm/none``.
    public let norm: Affine?

    /// - Parameter norm: nil for an adapter without one.
    public init(placement: Placement, normPlace: Norm, scale: Float, down: Affine, up: Affine, norm: Affine?) {
        (self.placement, self.normPlace, self.scale) = (placement, normPlace, scale)
        (self.down, self.up, self.norm) = (down, up, norm)
    }

    public var parameters: [Parameter] { [down, up, norm].compactMap { $0 }.flatMap { [$0.weight, $0.bias] } }

    /// base + scale x LN(up(relu(down input))); both (..., D).
    func added(to base: Variable, input: Variable, tape: Tape) throws -> Variable {
        let entering = normPlace == .pre ? try normalized(input, tape) : input
        let hidden = tape.relu(try tape.linear(entering, weight: tape.parameter(down.weight), bias: tape.parameter(down.bias)))
        let (weight, bias) = (tape.parameter(up.weight), tape.parameter(up.bias))
        if normPlace != .post, scale == 1 { return try tape.linear(hidden, weight: weight, bias: bias, residual: base) }
        let leaving = try tape.linear(hidden, weight: weight, bias: bias)
        return try tape.add(base, normPlace == .post ? normalized(leaving, tape) : leaving, scale: scale)
    }

    private func normalized(_ x: Variable, _ tape: Tape) throws -> Variable {
        guard let norm else { throw ViTError("an adapter with a norm \(normPlace) was made without one") }
        return try tape.layerNorm(x, weight: tape.parameter(norm.weight), bias: tape.parameter(norm.bias), epsilon: 1e-5)
    }
}
