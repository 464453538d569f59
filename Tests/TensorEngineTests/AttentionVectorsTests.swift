import TensorEngine
import Testing
import VectorKernels

/// Attention of many queries in f32, which has a kernel of its own where the processor has vectors of 512 bits, against that of one query at a time,
/// which is the library's: output and all gradients, at sizes around whole vectors and blocks of a sum and far from them.
@Suite struct AttentionVectorsTests {
    struct Size: CustomTestStringConvertible {
        let tokens, prompts, heads, width: Int
        var testDescription: String { "\(tokens) tokens, \(prompts) prompts, \(heads) x \(width)" }
    }

    private static let images = 3
    private static let sizes = [
        Size(tokens: 2, prompts: 0, heads: 1, width: 8), Size(tokens: 9, prompts: 1, heads: 3, width: 24), Size(tokens: 16, prompts: 16, heads: 2, width: 64),
        Size(tokens: 19, prompts: 90, heads: 1, width: 33), Size(tokens: 70, prompts: 10, heads: 2, width: 16), Size(tokens: 530, prompts: 3, heads: 1, width: 40),
    ]

    private func prefix(_ tape: Tape, _ prompts: Parameter, _ size: Size) -> AttentionPrefix? {
        size.prompts == 0 ? nil : AttentionPrefix(keysValues: tape.parameter(prompts), groups: [1, 0, 1])
    }

    /// Output and gradients of [query | key | value] and of the prefix.
    private func atOnce(_ engine: Engine, _ size: Size, own: Bool) throws -> [[Float]] {
        let d = size.heads * size.width
        let tape = Tape(engine: engine)
        let qkv = Parameter(name: "qkv", value: random([Self.images, size.tokens, 3 * d], "qkv"), isTrainable: own)
        let prompts = Parameter(name: "prefix", value: random([2, size.prompts, 2 * d], "prefix"), isTrainable: size.prompts > 0)
        let y = try tape.attention(qkv: tape.parameter(qkv), heads: size.heads, prefix: prefix(tape, prompts, size))
        try tape.backward(from: [(y, random([Self.images, size.tokens, d], "gradient"))])
        return [y.value.array()] + [qkv.gradient, prompts.gradient].compactMap { $0?.array() }
    }

    private func oneByOne(_ engine: Engine, _ size: Size, own: Bool) throws -> [[Float]] {
        let (d, tokens) = (size.heads * size.width, size.tokens)
        let tape = Tape(engine: engine)
        let all = random([Self.images, tokens, 3 * d], "qkv").array()
        let gradient = random([Self.images, tokens, d], "gradient").array()
        /// Columns of each image's row, or of all rows.
        func columns(_ from: [Float], of width: Int, _ range: Range<Int>, token: Int? = nil) throws -> Tensor {
            let rows = (0..<Self.images).flatMap { image in (token.map { [$0] } ?? Array(0..<tokens)).map { image * tokens + $0 } }
            let values = rows.flatMap { from[$0 * width + range.lowerBound..<$0 * width + range.upperBound] }
            return try Tensor(values, shape: token == nil ? [Self.images, tokens, range.count] : [Self.images, range.count])
        }
        let kv = Parameter(name: "kv", value: try columns(all, of: 3 * d, d..<3 * d), isTrainable: own)
        let prompts = Parameter(name: "prefix", value: random([2, size.prompts, 2 * d], "prefix"), isTrainable: size.prompts > 0)
        let queries = try (0..<tokens).map { Parameter(name: "q\($0)", value: try columns(all, of: 3 * d, 0..<d, token: $0), isTrainable: own) }
        let outputs = try queries.map {
            try tape.attention(query: tape.parameter($0), keysValues: tape.parameter(kv), heads: size.heads, prefix: prefix(tape, prompts, size))
        }
        try tape.backward(from: try outputs.enumerated().map { ($1, try columns(gradient, of: d, 0..<d, token: $0)) })

        var output = [Float](repeating: 0, count: gradient.count)
        var learned = [Float](repeating: 0, count: all.count)
        for token in 0..<tokens {
            let (y, dq) = (outputs[token].value.array(), queries[token].gradient?.array())
            for image in 0..<Self.images {
                let row = image * tokens + token
                for i in 0..<d {
                    output[row * d + i] = y[image * d + i]
                    if let dq { learned[row * 3 * d + i] = dq[image * d + i] }
                }
                if let dkv = kv.gradient { for i in 0..<2 * d { learned[row * 3 * d + d + i] = dkv.pointer[row * 2 * d + i] } }
            }
        }
        return [output] + (own ? [learned] : []) + [prompts.gradient].compactMap { $0?.array() }
    }

    @Test(arguments: sizes) func oneQueryAtATime(_ size: Size) throws {
        let engine = try Engine(threads: 2)
        for own in size.prompts == 0 ? [true] : [true, false] {
            let (found, expected) = (try atOnce(engine, size, own: own), try oneByOne(engine, size, own: own))
            try #require(found.map(\.count) == expected.map(\.count))
            for (a, b) in zip(found, expected) {
                let scale = b.reduce(0) { max($0, abs($1)) }
                let distance = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
                #expect(distance < 1e-5 * scale, "own \(own): \(distance) beside \(scale)")
            }
        }
    }

    /// A network that has broken is not mended by a softmax that skips what is no number.
    @Test func aNumberThatIsNoneStays() throws {
        let tape = try Tape(engine: Engine(threads: 1), recording: false)
        let qkv = random([1, 40, 96], "qkv")
        qkv.pointer[0] = .nan
        let y = try tape.attention(qkv: tape.constant(qkv), heads: 1).value.array()
        #expect(y[..<32].allSatisfy { $0.isNaN } || vk_has_wide_vectors() == 0)
        #expect(y[32...].allSatisfy { $0.isFinite })
    }
}
