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
            try tape.patchEmbedding(images, patch: 4, weight: p[0], bias: p[1], cls: p[2], position: p[3])
        }
        try checkGradients([[2, 3, 4]]) { tape, p in try tape.firstTokens(p[0]) }
    }

    @Test func elementwise() throws {
        try checkGradients([[3, 4], [3, 4]]) { tape, p in
            try tape.subtract(tape.multiply(tape.sigmoid(p[0]), tape.tanh(p[1])), tape.scale(tape.add(p[0], p[1]), by: 0.3))
        }
        try checkGradients([[3, 4]], step: 1e-3) { tape, p in tape.relu(p[0]) }
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
