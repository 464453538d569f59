import Foundation
import VectorKernels

/// A weight as our own products on the processor's matrix tiles (Intel AMX) read it.
final class TileWeight: @unchecked Sendable {
    private let k, n, parts: Int
    /// Whether rows of activations come in f32 and are put in parts here.
    private let splits: Bool
    private let memory: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - weight: (n, k) when transposed, else (k, n); k a multiple of 32, n of 16
    ///   - parts: of bf16, in each value
    init(_ weight: Tensor, transposed: Bool, parts: Int, splits: Bool) throws {
        (k, n) = transposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        (self.parts, self.splits) = (parts, splits)
        var raw: UnsafeMutableRawPointer?
        guard posix_memalign(&raw, 64, max(64, Int(vk_tile_weight_size(Int64(k), Int64(n), Int32(parts))))) == 0, let raw else {
            throw EngineError("packing", "no memory for a weight of shape \(weight.shape)")
        }
        memory = raw
        vk_lay_tile_weight(weight.pointer, transposed ? 1 : 0, Int64(k), Int64(n), Int32(parts), raw)
    }

    deinit { free(memory) }

    /// c (rows, n) = a (rows, k) B + bias + residual.
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, into c: UnsafeMutableRawPointer, format result: ElementFormat
    ) {
        var scratch = Scratch()
        var operand = a
        if splits {
            let to = scratch.bytes(rows * k * 2 * parts)
            vk_split_operand(a.assumingMemoryBound(to: Float.self), Int64(rows * k), Int32(parts), to)
            operand = UnsafeRawPointer(to)
        }
        var product = vk_tile_product(
            m: Int64(rows), k: Int64(k), n: Int64(n), parts: Int32(parts), format: result.operand, bias: bias, residual: residual)
        vk_multiply_tiles(&product, operand, memory, c)
    }
}

extension Engine {
    /// Whether the processor has matrix tiles, and the kernel lends them.
    public static var hasMatrixTiles: Bool { vk_has_tiles() == 1 }

    /// Whether a product (rows, k) times (k, n) is made of whole tiles.
    static func fitsTiles(k: Int, n: Int) -> Bool { k > 0 && n > 0 && k % 32 == 0 && n % 16 == 0 }

    /// Parts of bf16 in which a product with a weight (k, n) runs on matrix tiles; nil where a library computes it.
    func tileParts(k: Int, n: Int) -> Int? {
        switch precision {
        case .f32: library(k: k, n: n) == .tiles ? 3 : nil
        case .bf16x3: hasMatrixTiles && Engine.fitsTiles(k: k, n: n) ? 2 : nil
        case .bf16: hasMatrixTiles && Engine.fitsTiles(k: k, n: n) ? 1 : nil
        }
    }
}
