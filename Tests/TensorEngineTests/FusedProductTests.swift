import TensorEngine
import Testing

/// Norm, product and activation in one, against the operations one after the other, and against central differences.
@Suite struct FusedProductTests {
    @Test func normInsideAProductHasTheGradientsOfDifferences() throws {
        let (gain, weight) = (random([20], "gain"), random([6, 20], "weight"))
        try checkGradients([[7, 20], [20], [6]]) { tape, p in
            try tape.linear(
                p[0], norm: RowNorm(weight: tape.constant(gain), bias: p[1], epsilon: 1e-5), weight: tape.constant(weight), bias: p[2])
        }
        try checkGradients([[7, 20], [20], [6]]) { tape, p in
            try tape.linear(
                p[0], norm: RowNorm(weight: tape.constant(gain), bias: p[1], epsilon: 1e-5), weight: tape.constant(weight), bias: p[2],
                activation: .gelu)
        }
    }

    @Test func halfABlockHasTheGradientsOfDifferences() throws {
        let (gain, w1, w2) = (random([12], "gain"), random([24, 12], "w1"), random([12, 24], "w2"))
        for activation in [Activation.gelu, .quickGELU] {
            try checkGradients([[5, 12], [12], [24], [12]]) { tape, p in
                try tape.mlp(
                    p[0], base: p[0], norm: RowNorm(weight: tape.constant(gain), bias: p[1], epsilon: 1e-5), fc1: (tape.constant(w1), p[2]),
                    fc2: (tape.constant(w2), p[3]), activation: activation)
            }
        }
        // On another stream than it reads: a parallel adapter stands between.
        try checkGradients([[5, 12], [5, 12]]) { tape, p in
            let zeros = { tape.constant(Tensor(zeros: [$0])) }
            return try tape.mlp(
                p[0], base: p[1], norm: RowNorm(weight: tape.constant(gain), bias: zeros(12), epsilon: 1e-5), fc1: (tape.constant(w1), zeros(24)),
                fc2: (tape.constant(w2), zeros(12)), activation: .gelu)
        }
    }

    @Test func halfABlockIsWhatItsPartsAre() throws {
        let engine = try Engine(threads: 2)
        let tape = Tape(engine: engine, recording: false)
        let x = tape.constant(random([300, 40], "x"))
        let parts = (
            gain: tape.constant(random([40], "gain")), bias: tape.constant(random([40], "bias")), w1: tape.constant(random([160, 40], "w1")),
            b1: tape.constant(random([160], "b1")), w2: tape.constant(random([40, 160], "w2")), b2: tape.constant(random([40], "b2"))
        )
        let fused = try tape.mlp(
            x, base: x, norm: RowNorm(weight: parts.gain, bias: parts.bias, epsilon: 1e-6), fc1: (parts.w1, parts.b1), fc2: (parts.w2, parts.b2),
            activation: .gelu)
        let h = try tape.layerNorm(x, weight: parts.gain, bias: parts.bias, epsilon: 1e-6)
        let hidden = try tape.linear(h, weight: parts.w1, bias: parts.b1, activation: .gelu)
        let plain = try tape.linear(hidden, weight: parts.w2, bias: parts.b2, residual: x)
        #expect(farthest(fused.value, plain.value) < 2e-6)
    }

    @Test func refusesAWeightThatLearns() throws {
        let engine = try Engine(threads: 1)
        let tape = Tape(engine: engine)
        let weight = tape.parameter(Parameter(name: "w", value: random([4, 4], "w"), isTrainable: true))
        let norm = RowNorm(weight: tape.constant(random([4], "g")), bias: tape.constant(random([4], "b")), epsilon: 1e-5)
        #expect(throws: EngineError.self) { try tape.linear(tape.constant(random([2, 4], "x")), norm: norm, weight: weight, bias: nil) }
    }
}

/// The largest difference of two tensors, as a share of the second's largest value.
func farthest(_ a: Tensor, _ b: Tensor) -> Float {
    let (x, y) = (a.held(in: .f32).array(), b.held(in: .f32).array())
    return zip(x, y).map { abs($0 - $1) }.reduce(0, max) / max(y.map { abs($0) }.reduce(0, max), 1e-30)
}
