import VectorKernels

/// A weight as our own products on the processor's matrix tiles (Intel AMX) read it.
final class TileWeight: @unchecked Sendable {
    private let k, n, parts: Int
    private let memory: AlignedBytes

    /// - Parameters:
    ///   - weight: (n, k) when transposed, else (k, n), multiples of 32
    ///   - parts: of bf16, in each value: 1 or 2
    init(_ weight: Tensor, transposed: Bool, parts: Int) throws {
        (k, n) = transposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        self.parts = parts
        memory = try AlignedBytes(Int(vk_tile_weight_size(Int64(k), Int64(n), Int32(parts))))
        vk_lay_tile_weight(weight.pointer, transposed ? 1 : 0, Int64(k), Int64(n), Int32(parts), memory.start)
    }

    /// c (rows, n) = a (rows, k) B + bias + residual, a in its parts one after the other.
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, into c: UnsafeMutableRawPointer, format result: ElementFormat
    ) {
        var product = vk_tile_product(
            m: Int64(rows), k: Int64(k), n: Int64(n), parts: Int32(parts), format: result.operand, bias: bias, residual: residual)
        vk_multiply_tiles(&product, a, memory.start, c)
    }
}

/// A weight in f32 as exact products on the processor's matrix tiles read it: integers of three digits, a power of two for each column
/// (`VectorKernels/digit_products.c`).
final class DigitWeight: @unchecked Sendable {
    /// Values of a sum, at most: more could be too large for 32 bits.
    static let largestSum = 32_768

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

    /// Parts of bf16 in which products with a weight (k, n) run on matrix tiles; nil where a library computes them, as it does
    /// where the weight is not made of whole tiles.
    func tileParts(k: Int, n: Int) -> Int? {
        guard worksInTiles, k > 0, n > 0, k % 32 == 0, n % 32 == 0 else { return nil }
        return operandFormat == .split ? 2 : 1
    }
}
