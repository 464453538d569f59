import Foundation
import TensorEngine
import Testing

@Suite struct AttentionTests {
    /// Softmax attention written out, in Double, prompts as ordinary rows before the image's own.
    private func reference(q: [[Double]], k: [[Double]], v: [[Double]]) -> [[Double]] {
        q.map { query in
            let scores = k.map { key in zip(query, key).map(*).reduce(0, +) / Double(query.count).squareRoot() }
            let top = scores.max() ?? 0
            let weights = scores.map { exp($0 - top) }
            let total = weights.reduce(0, +)
            return (0..<v[0].count).map { c in zip(weights, v).map { $0 * $1[c] }.reduce(0, +) / total }
        }
    }

    @Test func equalsTheFormulaWithPromptsInTheSequence() throws {
        let (batch, tokens, heads, width, prompts) = (2, 7, 2, 20, 3)
        let d = heads * width
        let (qkv, prefix) = (random([batch, tokens, 3 * d], "qkv"), random([2, prompts, 2 * d], "prefix"))
        let tape = try Tape(engine: Engine(threads: 2), recording: false)
        let result = try tape.attention(
            qkv: tape.constant(qkv), heads: heads, prefix: AttentionPrefix(keysValues: tape.constant(prefix), groups: [1, 0])).value.array()
        let (rows, before) = (qkv.array().map(Double.init), prefix.array().map(Double.init))
        for image in 0..<batch {
            for head in 0..<heads {
                func own(_ part: Int) -> [[Double]] {
                    (0..<tokens).map { t in (0..<width).map { rows[(image * tokens + t) * 3 * d + part * d + head * width + $0] } }
                }
                func prompt(_ part: Int) -> [[Double]] {
                    (0..<prompts).map { t in (0..<width).map { before[((1 - image) * prompts + t) * 2 * d + part * d + head * width + $0] } }
                }
                let expected = reference(q: own(0), k: prompt(0) + own(1), v: prompt(1) + own(2))
                for (t, row) in expected.enumerated() {
                    for (c, value) in row.enumerated() {
                        #expect(abs(Double(result[(image * tokens + t) * d + head * width + c]) - value) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func refusesShapesThatDoNotFit() throws {
        let tape = try Tape(engine: Engine(threads: 1))
        let qkv = tape.constant(Tensor(zeros: [2, 3, 12]))
        #expect(throws: EngineError.self) { try tape.attention(qkv: qkv, heads: 3) }
        #expect(throws: EngineError.self) {
            try tape.attention(qkv: qkv, heads: 2, prefix: AttentionPrefix(keysValues: tape.constant(Tensor(zeros: [1, 2, 8])), groups: [0, 1]))
        }
    }
}
