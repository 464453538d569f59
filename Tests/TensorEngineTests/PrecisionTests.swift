import TensorEngine
import Testing

/// The choices of products against OpenBLAS in f32: how far they are, that threads change nothing, and what is kept of weights.
@Suite struct PrecisionTests {
    private static let choices: [(precision: Precision, library: ProductLibrary, tolerance: Float)] = [
        (.f32, .onednn, 1e-5), (.f32, .tiles, 1e-5), (.bf16, .onednn, 2e-2),
    ]

    private func engine(_ precision: Precision, _ library: ProductLibrary, threads: Int = 2) throws -> Engine? {
        if let reason = Engine.unavailability(of: precision, library) {
            print("skipped: \(reason)")
            return nil
        }
        return try Engine(threads: threads, precision: precision, library: library)
    }

    /// A block of a transformer over 3 images of 70 tokens, its output and all gradients.
    private func block(_ engine: Engine, heads: Int = 2) throws -> [Tensor] {
        let d = 32
        let tape = Tape(engine: engine)
        func frozen(_ shape: [Int], _ name: String) -> Variable { tape.parameter(Parameter(name: name, value: scaled(random(shape, name), 0.3))) }
        let learning = [("x", [3, 70, d]), ("qkv bias", [3 * d]), ("prefix", [1, 5, d]), ("fc1 bias", [4 * d]), ("norm bias", [d]), ("fc2 bias", [d])].map {
            Parameter(name: $0.0, value: random($0.1, $0.0), isTrainable: true)
        }
        let p = learning.map(tape.parameter)
        let norm = RowNorm(weight: frozen([d], "gain"), bias: p[4], epsilon: 1e-6)
        let weight = frozen([3 * d, d], "qkv")
        let qkv = try tape.linear(p[0], norm: norm, weight: weight, bias: p[1], result: engine.operandFormat)
        let prefix = try tape.linear(p[2], norm: norm, weight: weight, bias: p[1], outputs: d..<3 * d, result: engine.operandFormat)
        let attended = try tape.attention(qkv: qkv, heads: heads, prefix: AttentionPrefix(keysValues: prefix, groups: [0, 0, 0]))
        let x = try tape.linear(attended, weight: frozen([d, d], "projection"), bias: frozen([d], "projection bias"), residual: p[0])
        let y = try tape.mlp(
            x, base: x, norm: norm, fc1: (frozen([4 * d, d], "fc1"), p[3]), fc2: (frozen([d, 4 * d], "fc2"), p[5]), activation: .gelu)
        try tape.backward(from: [(y, random([3, 70, d], "gradient"))])
        return try [y.value] + learning.map { try #require($0.gradient) }
    }

    /// Of one head, as wide as a matrix tile, and of two, which are not.
    @Test(arguments: [1, 2]) func everyChoiceGivesTheNumbersOfF32(heads: Int) throws {
        let expected = try block(Engine(threads: 1), heads: heads)
        for choice in Self.choices {
            guard let engine = try engine(choice.precision, choice.library) else { continue }
            for (found, wanted) in zip(try block(engine, heads: heads), expected) {
                let distance = farthest(found, wanted)
                #expect(distance < choice.tolerance, "\(engine.productIdentity): \(distance) in \(wanted.shape)")
            }
        }
    }

    /// Some products by oneDNN, in the middle of a block the others by OpenBLAS: the numbers of f32, the same for any threads, and said by name.
    @Test func productsChosenOneByOne() throws {
        guard try engine(.f32, .onednn) != nil else { return }
        let expected = try block(Engine(threads: 1))
        for shapes in [["32x96", "96x32", "128x32"], ["32x128", "128x32", "32x32"]] {
            let choices = Dictionary(uniqueKeysWithValues: try shapes.map { (try #require(ProductShape($0)), ProductLibrary.onednn) })
            let (one, three) = (try Engine(threads: 1, choices: choices), try Engine(threads: 3, choices: choices))
            #expect(one.productIdentity.hasPrefix("OpenBLAS ") && one.productIdentity.hasSuffix(" for " + shapes.sorted().joined(separator: " ")))
            for ((a, b), wanted) in zip(zip(try block(one), try block(three)), expected) {
                #expect(a.array() == b.array())
                #expect(farthest(a, wanted) < 1e-5)
            }
        }
    }

    @Test func theFasterLibraryIsMeasured() throws {
        let shapes: Set = [ProductShape(inputs: 48, outputs: 96), ProductShape(inputs: 96, outputs: 48)]
        let choices = try Engine.fasterLibraries(for: shapes, rows: 200, threads: 2)
        #expect(Set(choices.keys) == shapes)
        #expect(choices.values.allSatisfy { $0 == .openblas || Engine.unavailability(of: .f32) == nil })
    }

    @Test(arguments: ["", "32", "32x", "x32", "0x3", "-1x3", "3x4x5", "axb"]) func noShape(_ text: String) {
        #expect(ProductShape(text) == nil)
    }

    /// What one engine has laid out of a frozen weight is not another's, whose bytes differ.
    @Test func eachChoiceHasItsOwnLayout() throws {
        func weight() -> Parameter { Parameter(name: "w", value: random([96, 128], "w")) }
        func product(_ engine: Engine, _ weight: Parameter) throws -> [Float] {
            let tape = Tape(engine: engine, recording: false)
            return try tape.linear(tape.constant(random([80, 128], "x")), weight: tape.parameter(weight), bias: nil).value.array()
        }
        let engines = try Self.layouts.compactMap { try engine($0.precision, $0.library) }
        let alone = try engines.map { try product($0, weight()) }
        #expect(Set(alone).count == engines.count)
        let shared = weight()
        for _ in 0..<2 {
            for (engine, expected) in zip(engines, alone) { #expect(try product(engine, shared) == expected, "\(engine.productIdentity)") }
        }
    }

    @Test func bf16IsNotF32() throws {
        guard let engine = try engine(.bf16, .onednn) else { return }
        let (rounded, exact) = (try block(engine)[0], try block(Engine(threads: 1))[0])
        #expect(farthest(rounded, exact) > 1e-4)
    }

    @Test(arguments: [1, 2]) func threadsChangeNoByte(heads: Int) throws {
        for choice in Self.choices + [(.f32, .openblas, 0)] {
            guard let one = try engine(choice.precision, choice.library, threads: 1), let three = try engine(choice.precision, choice.library, threads: 3) else {
                continue
            }
            for (a, b) in zip(try block(one, heads: heads), try block(three, heads: heads)) { #expect(a.array() == b.array(), "\(one.productIdentity)") }
        }
    }

    /// Those that lay weights out.
    private static let layouts: [(precision: Precision, library: ProductLibrary)] = [(.bf16, .onednn), (.f32, .onednn), (.f32, .tiles)]

    @Test(arguments: layouts) func aWeightThatWasMovedIsLaidOutAnew(_ layout: (precision: Precision, library: ProductLibrary)) throws {
        guard let engine = try engine(layout.precision, layout.library) else { return }
        let weight = Parameter(name: "w", value: random([64, 64], "w"))
        let x = random([64, 64], "x")
        func product() throws -> [Float] {
            let tape = Tape(engine: engine, recording: false)
            return try tape.linear(tape.constant(x), weight: tape.parameter(weight), bias: nil).value.array()
        }
        let before = try product()
        for i in 0..<weight.value.count { weight.value.pointer[i] *= 2 }
        #expect(try product() == before)
        weight.value.valuesChanged()
        #expect(try product() == before.map { 2 * $0 })
    }

    @Test(arguments: layouts) func aWeightThatLearnsIsReadAsItIs(_ layout: (precision: Precision, library: ProductLibrary)) throws {
        guard let engine = try engine(layout.precision, layout.library) else { return }
        let weight = Parameter(name: "w", value: random([64, 64], "w"), isTrainable: true)
        let x = random([64, 64], "x")
        func product() throws -> [Float] {
            let tape = Tape(engine: engine, recording: false)
            return try tape.linear(tape.constant(x), weight: tape.parameter(weight), bias: nil).value.array()
        }
        let before = try product()
        for i in 0..<weight.value.count { weight.value.pointer[i] *= 2 }
        #expect(try product() == before.map { 2 * $0 })
    }

    /// Weights' own gradients, in bf16 from operands in bf16.
    @Test func gradientOfAWeight() throws {
        var found: [Tensor] = []
        for precision in [Precision.f32, .bf16] {
            guard let engine = try engine(precision, precision == .f32 ? .openblas : .onednn) else { return }
            let weight = Parameter(name: "w", value: random([80, 48], "w"), isTrainable: true)
            let tape = Tape(engine: engine)
            let y = try tape.linear(tape.constant(random([200, 48], "x")), weight: tape.parameter(weight), bias: nil, activation: .gelu)
            try tape.backward(from: [(y, random([200, 80], "gradient"))])
            found.append(try #require(weight.gradient))
        }
        #expect(farthest(found[1], found[0]) < 1e-2)
    }

    private func scaled(_ x: Tensor, _ factor: Float) -> Tensor {
        for i in 0..<x.count { x.pointer[i] *= factor }
        return x
    }
}
