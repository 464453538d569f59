import RandomStreams
import TensorEngine
import Testing
import VectorKernels

/// Products by matrix tiles against sums in double precision: whole tiles and parts of them, one to three parts a value, weights as they lie and
/// transposed, what is added, and both formats of the result.
@Suite struct TileProductTests {
    struct Size: CustomTestStringConvertible {
        let m, k, n: Int
        var testDescription: String { "\(m) x \(k) x \(n)" }
    }

    private static let sizes = [
        Size(m: 1, k: 32, n: 16), Size(m: 5, k: 64, n: 48), Size(m: 16, k: 32, n: 32), Size(m: 17, k: 96, n: 16), Size(m: 47, k: 128, n: 80),
        Size(m: 64, k: 384, n: 64),
    ]
    /// How far a sum may be from the exact one, of the largest: what rounding to so many parts leaves.
    private static let bounds = [1: 1e-2, 2: 2e-5, 3: 1e-6]

    @Test(arguments: sizes, [1, 2, 3]) func sumsAreWhatTheyShouldBe(_ size: Size, parts: Int) throws {
        guard Engine.hasMatrixTiles else { return print("skipped: this processor has no matrix tiles") }
        let bound = try #require(Self.bounds[parts])
        let (m, k, n) = (size.m, size.k, size.n)
        let (a, w) = (random([m, k], "a").array(), random([k, n], "w").array())
        let (bias, residual) = (random([n], "bias").array(), random([m, n], "residual").array())
        var operand = [UInt16](repeating: 0, count: m * k * parts)
        vk_split_operand(a, Int64(m * k), Int32(parts), &operand)
        for isTransposed in [false, true] {
            let weight = isTransposed ? (0..<n * k).map { w[$0 % k * n + $0 / k] } : w
            let laid = UnsafeMutableRawPointer.allocate(byteCount: Int(vk_tile_weight_size(Int64(k), Int64(n), Int32(parts))), alignment: 64)
            defer { laid.deallocate() }
            vk_lay_tile_weight(weight, isTransposed ? 1 : 0, Int64(k), Int64(n), Int32(parts), laid)
            for isAdding in [false, true] {
                let expected = (0..<m * n).map { at in
                    (0..<k).reduce(isAdding ? Double(bias[at % n]) + Double(residual[at]) : 0) { $0 + Double(a[at / n * k + $1]) * Double(w[$1 * n + at % n]) }
                }
                let found = bias.withUnsafeBufferPointer { bias in
                    residual.withUnsafeBufferPointer { residual in
                        var product = vk_tile_product(
                            m: Int64(m), k: Int64(k), n: Int64(n), parts: Int32(parts), format: 0, bias: isAdding ? bias.baseAddress : nil,
                            residual: isAdding ? residual.baseAddress : nil)
                        var exact = [Float](repeating: .nan, count: m * n)
                        vk_multiply_tiles(&product, operand, laid, &exact)
                        product.format = 1
                        var half = [UInt16](repeating: 0x7FC0, count: m * n)
                        vk_multiply_tiles(&product, operand, laid, &half)
                        return (exact, half.map { Float(bitPattern: UInt32($0) << 16) })
                    }
                }
                let largest = expected.map(abs).max() ?? 1
                for (index, wanted) in expected.enumerated() {
                    #expect(abs(Double(found.0[index]) - wanted) <= bound * largest)
                    // Rounded once more.
                    #expect(abs(found.1[index] - found.0[index]) <= abs(found.0[index]) / 256)
                }
            }
        }
    }

    /// Three parts of bf16 are all that f32 has.
    @Test func threePartsAreTheValue() {
        guard Engine.hasMatrixTiles else { return print("skipped: this processor has no matrix tiles") }
        let values = (random([1024], "values").array() + [0, -0.0, 1e-20, -3e20, 1 / 3, 16_777_215, -1e-10]).map { $0 }
        let padded = values + [Float](repeating: 0, count: (32 - values.count % 32) % 32)
        var parts = [UInt16](repeating: 0, count: 3 * padded.count)
        vk_split_operand(padded, Int64(padded.count), 3, &parts)
        for (index, value) in values.enumerated() {
            #expect((0..<3).reduce(Float(0)) { $0 + Float(bitPattern: UInt32(parts[$1 * padded.count + index]) << 16) } == value)
        }
    }

    /// Products that are not made of whole tiles are OpenBLAS's.
    @Test func theRestIsOpenBLAS() throws {
        guard Engine.hasMatrixTiles else { return print("skipped: this processor has no matrix tiles") }
        func product(_ library: ProductLibrary, k: Int, n: Int) throws -> [Float] {
            let tape = Tape(engine: try Engine(threads: 1, library: library), recording: false)
            let weight = Parameter(name: "w", value: random([n, k], "w"))
            return try tape.linear(tape.constant(random([9, k], "x")), weight: tape.parameter(weight), bias: nil).value.array()
        }
        #expect(try product(.tiles, k: 40, n: 32) == product(.openblas, k: 40, n: 32))
        #expect(try product(.tiles, k: 64, n: 40) == product(.openblas, k: 64, n: 40))
        #expect(try product(.tiles, k: 64, n: 48) != product(.openblas, k: 64, n: 48))
    }
}
