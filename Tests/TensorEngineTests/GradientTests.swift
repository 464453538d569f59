import TensorEngine
import Testing

/// Every differentiable operation against central differences.
@Suite struct GradientTests {
    @Test func linear() throws {
        try checkGradients([[6, 5], [4, 5], [4]]) { tape, p in try tape.linear(p[0], weight: p[1], bias: p[2]) }
        try checkGradients([[6, 5], [4, 5], [4]]) { tape, p in try tape.linear(p[0], weight: p[1], bias: p[2], activation: .gelu) }
        try checkGradients([[6, 5], [4, 5], [4], [6, 2]]) { tape, p in
            try tape.linear(p[0], weight: p[1], bias: p[2], outputs: 1..<3, residual: p[3])
        }
        try checkGradients([[6, 5], [4, 5], [4], [6, 4]]) { tape, p in
            try tape.linear(p[0], weight: p[1], bias: p[2], activation: .gelu, residual: p[3])
        }
        try checkGradients([[6, 4]]) { tape, p in
            let fixed = (tape.constant(random([6, 5], "x")), tape.constant(random([4, 5], "w")), tape.constant(random([4], "b")))
            return try tape.linear(fixed.0, weight: fixed.1, bias: fixed.2, activation: .gelu, residual: p[0])
        }
        try checkGradients([[2, 3, 5], [4, 5], [2, 3, 4]]) { tape, p in try tape.linear(p[0], weight: p[1], bias: nil, residual: p[2]) }
    }

    @Test func layerNorm() throws {
        try checkGradients([[7, 20], [20], [20]]) { tape, p in try tape.layerNorm(p[0], weight: p[1], bias: p[2], epsilon: 1e-5) }
    }

    @Test func attention() throws {
        try checkGradients([[2, 5, 24]]) { tape, p in try tape.attention(qkv: p[0], heads: 2) }
        try checkGradients([[3, 5, 24], [1, 4, 16]]) { tape, p in
            try tape.attention(qkv: p[0], heads: 2, prefix: AttentionPrefix(keysValues: p[1], groups: [0, 0, 0]))
        }
        try checkGradients([[3, 8], [3, 5, 16], [2, 3, 16]]) { tape, p in
            try tape.attention(query: p[0], keysValues: p[1], heads: 2, prefix: AttentionPrefix(keysValues: p[2], groups: [1, 0, 1]))
        }
    }

    @Test func attentionWhereOnlyThePrefixLearns() throws {
        let qkv = random([3, 5, 24], "fixed")
        try checkGradients([[2, 4, 16]]) { tape, p in
            try tape.attention(qkv: tape.constant(qkv), heads: 2, prefix: AttentionPrefix(keysValues: p[0], groups: [1, 0, 1]))
        }
    }

    @Test func patchEmbeddingAndFirstTokens() throws {
        let images = random([2, 3, 8, 8], "images")
        try checkGradients([[6, 3, 4, 4], [6], [1, 1, 6], [1, 5, 6]], step: 2e-2) { tape, p in
            try tape.patchEmbedding(images, patch: 4, weight: p[0], bias: p[1], leading: p[2], position: p[3])
        }
        try checkGradients([[6, 3, 4, 4], [6], [1, 3, 6], [1, 7, 6]], step: 2e-2) { tape, p in
            try tape.patchEmbedding(images, patch: 4, weight: p[0], bias: p[1], leading: p[2], position: p[3])
        }
        try checkGradients([[2, 3, 4]]) { tape, p in try tape.firstTokens(p[0]) }
        try checkGradients([[2, 3, 4]]) { tape, p in try tape.meanOfFirstTokens(p[0], count: 2) }
        try checkGradients([[2, 3, 4], [4]]) { tape, p in try tape.scaleColumns(p[0], by: p[1]) }
        try checkGradients([[3, 7], [20, 7], [20]]) { tape, p in try tape.linear(p[0], weight: p[1], bias: p[2], activation: .quickGELU) }
    }

    @Test func elementwise() throws {
        try checkGradients([[3, 4], [3, 4]]) { tape, p in
            try tape.subtract(tape.multiply(tape.sigmoid(p[0]), tape.tanh(p[1])), tape.scale(tape.add(p[0], p[1]), by: 0.3))
        }
        try checkGradients([[3, 4]], step: 1e-3) { tape, p in tape.relu(p[0]) }
    }

    @Test func scaledAdd() throws {
        try checkGradients([[3, 4], [3, 4]]) { tape, p in try tape.add(p[0], p[1], scale: -0.7) }
    }

    @Test func lowRankSum() throws {
        try checkGradients([[2, 3, 4], [5, 4], [2, 3, 2], [3, 2], [2, 3, 9]]) { tape, p in
            try tape.lowRankSum(
                [
                    LowRankTerm(hidden: p[0], factor: p[1], column: 0, scale: 0.5), LowRankTerm(hidden: p[2], factor: p[3], column: 6, scale: -2),
                ], base: p[4], width: 9)
        }
        // Columns may lie over each other; without a base the rest is zero.
        try checkGradients([[6, 2], [3, 2], [4, 2]]) { tape, p in
            try tape.lowRankSum(
                [LowRankTerm(hidden: p[0], factor: p[1], column: 1, scale: 1), LowRankTerm(hidden: p[0], factor: p[2], column: 0, scale: 0.3)], width: 5)
        }
        let tape = try Tape(engine: Engine(threads: 1))
        let (hidden, factor) = (tape.constant(random([6, 2], "h")), tape.constant(random([4, 2], "f")))
        let value = try tape.lowRankSum([LowRankTerm(hidden: hidden, factor: factor, column: 1, scale: 2)], width: 5).value
        #expect(abs(value.array()[5 + 3] - 2 * (hidden.value.array()[2] * factor.value.array()[4] + hidden.value.array()[3] * factor.value.array()[5])) < 1e-5)
        #expect(value.array()[5] == 0)
        for (column, width) in [(2, 5), (-1, 5), (.max, 5), (6, 5)] {
            #expect(throws: EngineError.self) { try tape.lowRankSum([LowRankTerm(hidden: hidden, factor: factor, column: column, scale: 1)], width: width) }
        }
        #expect(throws: EngineError.self) { try tape.lowRankSum([], width: 5) }
        #expect(throws: EngineError.self) {
            try tape.lowRankSum([LowRankTerm(hidden: hidden, factor: factor, column: 0, scale: 1)], base: tape.constant(random([6, 4], "b")), width: 5)
        }
    }

    @Test func appendedRows() throws {
        try checkGradients([[3, 2, 4], [1, 3, 4]]) { tape, p in try tape.appendRows(p[0], p[1]) }
        let fixed = random([3, 2, 4], "x")
        try checkGradients([[1, 3, 4]]) { tape, p in try tape.appendRows(tape.constant(fixed), p[0]) }
        let tape = try Tape(engine: Engine(threads: 1))
        for shape in [[2, 3, 4], [1, 3, 5], [3, 4]] {
            #expect(throws: EngineError.self) { try tape.appendRows(tape.constant(fixed), tape.constant(random(shape, "r"))) }
        }
    }

    @Test func rows() throws {
        try checkGradients([[3, 4]]) { tape, p in tape.normalizeRows(p[0]) }
        try checkGradients([[3, 4], [5, 4]]) { tape, p in try tape.matmul(p[0], p[1], transposeB: true) }
        try checkGradients([[3, 4], [4, 5]]) { tape, p in try tape.matmul(p[0], p[1]) }
        try checkGradients([[3, 4]]) { tape, p in try tape.gatherRows(p[0], indices: [2, 0, 2]) }
        try checkGradients([[4, 3], [2, 3]]) { tape, p in try tape.replaceRows(p[0], indices: [3, 1], with: p[1]) }
        try checkGradients([[6, 3]]) { tape, p in try tape.meanOfGroups(p[0], size: 3) }
        try checkGradients([[6, 3]]) { tape, p in try tape.selectInGroups(p[0], size: 2, position: 1) }
    }
}
