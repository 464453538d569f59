import TensorEngine
import Testing
import VectorKernels

/// Attention in bf16, by matrix tiles or in vectors of 512 bits where the processor has them, against that of f32: output and all gradients, at sizes around
/// whole tiles and far from them.
@Suite struct AttentionTilesTests {
    struct Size: CustomTestStringConvertible {
        let tokens, prompts, heads, width: Int
        var testDescription: String { "\(tokens) tokens, \(prompts) prompts, \(heads) x \(width)" }
    }

    private static let sizes = [
        Size(tokens: 2, prompts: 0, heads: 1, width: 32), Size(tokens: 15, prompts: 1, heads: 3, width: 64), Size(tokens: 16, prompts: 0, heads: 2, width: 32),
        Size(tokens: 17, prompts: 16, heads: 1, width: 96), Size(tokens: 33, prompts: 90, heads: 2, width: 64),
        Size(tokens: 70, prompts: 10, heads: 2, width: 32), Size(tokens: 19, prompts: 3, heads: 3, width: 24), Size(tokens: 300, prompts: 4, heads: 1, width: 50),
    ]

    /// - Parameter own: whether queries, keys and values learn, or the prefix alone (block 0)
    private func results(_ engine: Engine, _ size: Size, own: Bool) throws -> [Tensor] {
        let d = size.heads * size.width
        let tape = Tape(engine: engine)
        let qkv = Parameter(name: "qkv", value: random([3, size.tokens, 3 * d], "qkv"), isTrainable: own)
        let prompts = Parameter(name: "prefix", value: random([2, size.prompts, 2 * d], "prefix"), isTrainable: size.prompts > 0)
        func held(_ x: Variable) throws -> Variable {
            // Through a product by the unit matrix, as values reach attention in the engine's format.
            let unit = Tensor(zeros: [x.shape[2], x.shape[2]])
            for i in 0..<x.shape[2] { unit.pointer[i * (x.shape[2] + 1)] = 1 }
            return try tape.linear(x, weight: tape.constant(unit), bias: nil, result: engine.operandFormat)
        }
        let prefix = size.prompts == 0 ? nil : AttentionPrefix(keysValues: try held(tape.parameter(prompts)), groups: [1, 0, 1])
        let y = try tape.attention(qkv: held(tape.parameter(qkv)), heads: size.heads, prefix: prefix)
        let read = try tape.linear(y, weight: tape.constant(random([d, d], "read")), bias: nil)
        try tape.backward(from: [(read, random([3, size.tokens, d], "gradient"))])
        return [read.value] + [qkv.gradient, prompts.gradient].compactMap { $0 }
    }

    @Test(arguments: sizes) func theNumbersOfF32(_ size: Size) throws {
        for own in size.prompts == 0 ? [true] : [true, false] {
            let expected = try results(Engine(threads: 2), size, own: own)
            if let reason = Engine.unavailability(of: .bf16) { return print("skipped: \(reason)") }
            let found = try results(Engine(threads: 2, precision: .bf16), size, own: own)
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) {
                let distance = farthest(a, b)
                #expect(distance < 4e-2, "own \(own): \(distance) in \(b.shape)")
            }
        }
    }

    /// A network that has broken is not mended by a softmax that skips what is no number.
    @Test func aNumberThatIsNoneStays() throws {
        guard Engine.unavailability(of: .bf16) == nil, vk_has_tiles() == 1 || vk_has_wide_pairs() == 1 else {
            print("skipped: this processor has neither matrix tiles nor AVX-512 BF16")
            return
        }
        let tape = try Tape(engine: Engine(threads: 1, precision: .bf16), recording: false)
        let qkv = random([1, 40, 96], "qkv")
        qkv.pointer[0] = .nan
        let y = try tape.attention(qkv: tape.constant(qkv.held(in: .bf16)), heads: 1).value.held(in: .f32).array()
        #expect(y[..<32].allSatisfy { $0.isNaN })
        #expect(y[32...].allSatisfy { $0.isFinite })
    }
}
