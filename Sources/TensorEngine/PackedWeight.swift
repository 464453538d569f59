import COneDNN
import COpenBLAS
import Foundation
import Synchronization
import VectorKernels

/// A weight as products with rows of activations read it: (rows, k) times (k, n).
///
/// For oneDNN it is laid out once, in the format of the engine's operands; OpenBLAS reads it where it lies.
final class PackedWeight: @unchecked Sendable {
    let k, n: Int
    private let format: OperandFormat
    /// OpenBLAS: the weight itself, (n, k) when transposed, else (k, n).
    private let plain: Tensor?
    private let isTransposed: Bool
    private let packed: UnsafeMutableRawPointer?

    /// - Parameters:
    ///   - weight: (out, in)
    ///   - forward: x W^T, else the backward pass's dy W
    init(_ weight: Tensor, forward: Bool, engine: Engine) throws {
        (k, n) = forward ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        format = engine.operandFormat
        isTransposed = forward
        guard engine.library == .onednn else {
            (plain, packed) = (weight, nil)
            return
        }
        plain = nil
        let inner = Int64(format == .split ? 3 * k : k)
        let type = Int32(format == .f32 ? vptsp_dnnl_f32 : vptsp_dnnl_bf16)
        let size = vptsp_dnnl_packed_size(inner, Int64(n), type)
        var raw: UnsafeMutableRawPointer?
        guard size > 0, posix_memalign(&raw, 64, size) == 0, let raw else {
            throw EngineError("packing", "oneDNN does not take a weight of shape \(weight.shape)")
        }
        packed = raw
        // The weight as rows (n, k) or (k, n) of the format; `split` stacks high, high, low along k.
        let (row, column) = forward ? (Int64(1), Int64(k)) : (Int64(n), Int64(1))
        let status: Int32
        switch format {
        case .f32:
            status = vptsp_dnnl_pack(inner, Int64(n), type, weight.pointer, row, column, raw)
        case .bf16:
            let half = Tensor(uninitialized: weight.shape, format: .bf16)
            vk_to_bf16(weight.pointer, half.halfPointer, Int64(weight.count))
            status = vptsp_dnnl_pack(inner, Int64(n), type, half.halfPointer, row, column, raw)
        case .split:
            let (k, n) = (k, n)
            let (high, low) = (Tensor(uninitialized: weight.shape, format: .bf16), Tensor(uninitialized: weight.shape, format: .bf16))
            vk_split_weight(weight.pointer, Int64(weight.count), high.halfPointer, low.halfPointer)
            let stacked = Tensor(uninitialized: [3 * k, n], format: .bf16)
            if forward {
                // (n, 3k): each row high, high, low.
                for r in 0..<n {
                    let to = stacked.halfPointer + 3 * k * r
                    to.update(from: high.halfPointer + k * r, count: k)
                    (to + k).update(from: high.halfPointer + k * r, count: k)
                    (to + 2 * k).update(from: low.halfPointer + k * r, count: k)
                }
            } else {
                stacked.halfPointer.update(from: high.halfPointer, count: k * n)
                (stacked.halfPointer + k * n).update(from: high.halfPointer, count: k * n)
                (stacked.halfPointer + 2 * k * n).update(from: low.halfPointer, count: k * n)
            }
            status = vptsp_dnnl_pack(inner, Int64(n), type, stacked.halfPointer, row, forward ? inner : 1, raw)
        }
        guard status == 0 else {
            free(raw)
            throw EngineError("packing", "oneDNN refuses a weight of shape \(weight.shape) (status \(status))")
        }
    }

    deinit { free(packed) }

    /// Bytes that the layout takes beside the weight itself.
    var bytes: Int {
        packed == nil ? 0 : Int(vptsp_dnnl_packed_size(Int64(format == .split ? 3 * k : k), Int64(n), format == .f32 ? Int32(vptsp_dnnl_f32) : Int32(vptsp_dnnl_bf16)))
    }

    /// c (rows, n) = a (rows, k) B + bias + residual, on the calling thread.
    /// - Parameters: a in the engine's operand format; bias (n); residual (rows, n) f32, for an f32 result
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil, into c: UnsafeMutableRawPointer,
        format result: ElementFormat = .f32
    ) throws {
        guard rows > 0, n > 0 else { return }
        if let plain {
            let (from, to) = (a.assumingMemoryBound(to: Float.self), c.assumingMemoryBound(to: Float.self))
            var starts = false
            if let bias {
                vk_broadcast_row(to, bias, residual, Int64(rows), Int64(n))
                starts = true
            } else if let residual {
                to.update(from: residual, count: rows * n)
                starts = true
            }
            Engine.product(false, isTransposed, m: rows, n: n, k: k, from, k, plain.pointer, isTransposed ? k : n, beta: starts ? 1 : 0, to, n)
            return
        }
        guard let packed else { return }
        if let residual { c.assumingMemoryBound(to: Float.self).update(from: residual, count: rows * n) }
        let inner = Int64(format == .split ? 3 * k : k)
        var product = vptsp_dnnl_product(
            m: Int64(rows), n: Int64(n), k: inner, a_row: inner, a_column: 1, b_row: 0, b_column: 0, c_row: Int64(n),
            operands: format == .f32 ? Int32(vptsp_dnnl_f32) : Int32(vptsp_dnnl_bf16), result: result == .f32 ? Int32(vptsp_dnnl_f32) : Int32(vptsp_dnnl_bf16),
            bias: bias == nil ? 0 : 1, adds: residual == nil ? 0 : 1)
        let status = vptsp_dnnl_multiply(&product, a, packed, bias, c)
        guard status == 0 else { throw EngineError("product", "oneDNN failed on (\(rows), \(k)) times (\(k), \(n)): status \(status)") }
    }
}

/// The layouts that products have asked for, of one tensor's storage.
final class PackedWeights: Sendable {
    private struct Key: Hashable {
        let offset, rows, columns: Int
        let forward: Bool
        let library: ProductLibrary
        let format: Int32
    }

    private let known = Mutex<[Key: PackedWeight]>([:])

    func weight(_ tensor: Tensor, forward: Bool, engine: Engine) throws -> PackedWeight {
        let key = Key(
            offset: tensor.offset, rows: tensor.shape[0], columns: tensor.shape[1], forward: forward, library: engine.library, format: engine.operandFormat.rawValue)
        return try known.withLock { known in
            if let found = known[key] { return found }
            let made = try PackedWeight(tensor, forward: forward, engine: engine)
            known[key] = made
            return made
        }
    }

    func drop() { known.withLock { $0 = [:] } }
}

extension Engine {
    /// `weight` for products: laid out once when it is frozen, for this use when it is not.
    func packed(_ weight: Tensor, frozen: Bool, forward: Bool) throws -> PackedWeight {
        guard frozen, library == .onednn else { return try PackedWeight(weight, forward: forward, engine: self) }
        return try weight.storage.packs().weight(weight, forward: forward, engine: self)
    }

    /// Rows `range` of a tensor as an operand: where they lie if they have the format, else written into `scratch`.
    func operand(_ x: Tensor, rows range: Range<Int>, scratch: inout Scratch) -> UnsafeRawPointer {
        let width = x.width
        switch (x.format, operandFormat) {
        case (.f32, .f32): return UnsafeRawPointer(x.pointer + range.lowerBound * width)
        case (.bf16, .bf16): return UnsafeRawPointer(x.halfPointer + range.lowerBound * width)
        case (.f32, let format):
            let to = scratch.bytes(range.count * width * format.size)
            vk_to_operand(x.pointer + range.lowerBound * width, Int64(range.count), Int64(width), Int64(width), format.rawValue, to)
            return UnsafeRawPointer(to)
        case (.bf16, let format):
            let values = Tensor(uninitialized: [range.count, width])
            vk_from_bf16(x.halfPointer + range.lowerBound * width, values.pointer, Int64(values.count))
            let to = scratch.bytes(range.count * width * format.size)
            vk_to_operand(values.pointer, Int64(range.count), Int64(width), Int64(width), format.rawValue, to)
            return UnsafeRawPointer(to)
        }
    }
}

/// A chunk's working memory, from the pool and back to it.
struct Scratch {
    private var held: [Tensor] = []

    mutating func bytes(_ count: Int) -> UnsafeMutableRawPointer {
        let tensor = Tensor(uninitialized: [(count + 3) / 4])
        held.append(tensor)
        return UnsafeMutableRawPointer(tensor.pointer)
    }

    mutating func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        let tensor = Tensor(uninitialized: [count])
        held.append(tensor)
        return tensor.pointer
    }
}
