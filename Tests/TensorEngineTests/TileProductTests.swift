import RandomStreams
import TensorEngine
import Testing
import VectorKernels

/// A product (m, k) times (k, n).
struct ProductSize: CustomTestStringConvertible {
    let m, k, n: Int
    var testDescription: String { "\(m) x \(k) x \(n)" }
}

/// Products in bf16 by matrix tiles against sums in double precision: whole tiles and parts of them, weights as they lie and transposed, what is
/// added, and both formats of the result.
@Suite struct TileProductTests {
    private static let sizes = [
        ProductSize(m: 1, k: 32, n: 32), ProductSize(m: 5, k: 64, n: 96), ProductSize(m: 16, k: 32, n: 32), ProductSize(m: 17, k: 96, n: 32), ProductSize(m: 47, k: 128, n: 64),
        ProductSize(m: 64, k: 384, n: 64),
    ]
    /// How far a sum may be from the exact one, of the largest: what rounding leaves.
    private static let bound = 1e-2

    @Test(arguments: sizes) func sumsAreWhatTheyShouldBe(_ size: ProductSize) throws {
        guard Engine.hasMatrixTiles else { return print("skipped: this processor has no matrix tiles") }
        let (m, k, n) = (size.m, size.k, size.n)
        let (a, w) = (random([m, k], "a").array(), random([k, n], "w").array())
        let (bias, residual) = (random([n], "bias").array(), random([m, n], "residual").array())
        var operand = [UInt16](repeating: 0, count: m * k)
        vk_to_bf16(a, &operand, Int64(m * k))
        for isTransposed in [false, true] {
            let weight = isTransposed ? (0..<n * k).map { w[$0 % k * n + $0 / k] } : w
            let laid = UnsafeMutableRawPointer.allocate(byteCount: Int(vk_tile_weight_size(Int64(k), Int64(n))), alignment: 64)
            defer { laid.deallocate() }
            vk_lay_tile_weight(weight, isTransposed ? 1 : 0, Int64(k), Int64(n), laid)
            for isAdding in [false, true] {
                let expected = (0..<m * n).map { at in
                    (0..<k).reduce(isAdding ? Double(bias[at % n]) + Double(residual[at]) : 0) { $0 + Double(a[at / n * k + $1]) * Double(w[$1 * n + at % n]) }
                }
                let found = bias.withUnsafeBufferPointer { bias in
                    residual.withUnsafeBufferPointer { residual in
                        var product = vk_tile_product(
                            m: Int64(m), k: Int64(k), n: Int64(n), format: 0, bias: isAdding ? bias.baseAddress : nil,
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
                    #expect(abs(Double(found.0[index]) - wanted) <= Self.bound * largest)
                    // Rounded once more.
                    #expect(abs(found.1[index] - found.0[index]) <= abs(found.0[index]) / 256)
                }
            }
        }
    }

    /// A weight that is not made of whole tiles is a library's, with the same numbers.
    @Test(arguments: [(40, 32), (64, 48), (64, 64)]) func anyWeight(k: Int, n: Int) throws {
        if let reason = Engine.unavailability(of: .bf16) { return print("skipped: \(reason)") }
        func product(_ precision: Precision) throws -> Tensor {
            let tape = Tape(engine: try Engine(threads: 1, precision: precision), recording: false)
            let weight = Parameter(name: "w", value: random([n, k], "w"))
            return try tape.linear(tape.constant(random([9, k], "x")), weight: tape.parameter(weight), bias: nil).value
        }
        #expect(farthest(try product(.bf16), try product(.f32)) < 2e-2)
    }
}
