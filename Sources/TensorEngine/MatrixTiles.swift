import VectorKernels

/// A weight in bf16 as products on the processor's matrix tiles (Intel AMX) read it.
final class TileWeight: @unchecked Sendable {
    private let k, n: Int
    private let memory: AlignedBytes

    /// - Parameter weight: (n, k) when transposed, else (k, n), multiples of 32
    init(_ weight: Tensor, transposed: Bool) throws {
        (k, n) = transposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        memory = try AlignedBytes(Int(vk_tile_weight_size(Int64(k), Int64(n))))
        vk_lay_tile_weight(weight.pointer, transposed ? 1 : 0, Int64(k), Int64(n), memory.start)
    }

    /// c (rows, n) = a (rows, k) B + bias + residual, a in bf16.
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, into c: UnsafeMutableRawPointer, format result: ElementFormat
    ) {
        var product = vk_tile_product(
            m: Int64(rows), k: Int64(k), n: Int64(n), format: result.rawValue, bias: bias, residual: residual)
        vk_multiply_tiles(&product, a, memory.start, c)
    }
}

/// A weight in f32 as exact products on the processor's matrix tiles read it: integers of three digits, a power of two for each column
/// (`VectorKernels/digit_products.c`).
package final class DigitWeight: @unchecked Sendable {
    /// Values of a sum, at most: more could be too large for 32 bits.
    package static let largestSum = 32_768

    private let k, n: Int
    private let memory: AlignedBytes

    /// - Parameter weight: (n, k) when transposed, else (k, n); k at most ``largestSum``
    init(_ weight: Tensor, transposed: Bool) throws {
        (k, n) = transposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        memory = try AlignedBytes(Int(vk_digit_weight_size(Int64(k), Int64(n))))
        vk_lay_digit_weight(weight.pointer, transposed ? 1 : 0, Int64(k), Int64(n), memory.start)
    }

    /// c (rows, n) = a (rows, k) B + bias + residual.
    func multiply(
        _ a: UnsafePointer<Float>, rows: Int, bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>
    ) {
        var scratch = Scratch()
        var product = vk_digit_product(m: Int64(rows), k: Int64(k), n: Int64(n), bias: bias, residual: residual)
        vk_multiply_digits(&product, a, scratch.bytes(Int(vk_digit_scratch(Int64(rows), Int64(k)))), memory.start, c)
    }
}

extension Engine {
    /// Whether the processor has matrix tiles, and the kernel lends them.
    public static var hasMatrixTiles: Bool { vk_has_tiles() == 1 }

    /// Whether products in bf16 with a weight (k, n) run on matrix tiles; oneDNN computes them where the weight is not made of whole tiles.
    func hasTiles(k: Int, n: Int) -> Bool { worksInTiles && k > 0 && n > 0 && k % 32 == 0 && n % 32 == 0 }
}
