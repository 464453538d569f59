import TensorEngine
import Testing

@Suite struct DeterminismTests {
    /// Sizes are chosen so that every operation is cut into several chunks.
    @Test func sameBytesForAnyNumberOfThreads() throws {
        func gradients(threads: Int) throws -> [[Float]] {
            let tape = try Tape(engine: Engine(threads: threads))
            let (b, n, d) = (9, 70, 96)
            let shapes = [[b, n, d], [3 * d, d], [3 * d], [d], [d], [1, 5, 2 * d], [4 * d, d], [4 * d], [d, 4 * d]]
            let parameters = shapes.enumerated().map { Parameter(name: "\($0)", value: random($1, "\($0)", scale: 0.2), isTrainable: true) }
            let p = parameters.map { tape.parameter($0) }
            let h = try tape.layerNorm(p[0], weight: p[3], bias: p[4], epsilon: 1e-6)
            let a = try tape.attention(
                qkv: tape.linear(h, weight: p[1], bias: p[2]), heads: 4,
                prefix: AttentionPrefix(keysValues: p[5], groups: Array(repeating: 0, count: b)))
            let y = try tape.linear(tape.linear(a, weight: p[6], bias: p[7], activation: .gelu), weight: p[8], bias: nil, residual: p[0])
            let loss = try tape.sum(tape.multiply(y, y))
            let value = loss.value.array()
            try tape.backward(from: loss)
            return [value] + parameters.map { $0.gradient?.array() ?? [] }
        }
        let one = try gradients(threads: 1)
        #expect(one.allSatisfy { !$0.isEmpty })
        for threads in [2, 3, 7] { #expect(try gradients(threads: threads) == one) }
    }
}
