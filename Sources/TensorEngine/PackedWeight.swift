import COneDNN
import COpenBLAS
import Foundation
import Synchronization
import VectorKernels

/// A weight as products with rows of activations read it: (rows, k) times (k, n).
///
/// For oneDNN and matrix tiles it is laid out once, in the format of the engine's operands; OpenBLAS reads it where it lies.
final class PackedWeight: @unchecked Sendable {
    private enum Layout {
        /// OpenBLAS: the weight itself, (n, k) when transposed, else (k, n).
        case plain(Tensor, isTransposed: Bool)
        /// oneDNN.
        case packed(PackedMatrix)
        /// Matrix tiles: bf16.
        case tiles(TileWeight)
        /// Matrix tiles: f32.
        case digits(DigitWeight)
    }

    let k, n: Int
    private let layout: Layout

    /// - Parameters:
    ///   - weight: (out, in)
    ///   - forward: x W^T, else the backward pass's dy W
    init(_ weight: Tensor, forward: Bool, engine: Engine) throws {
        (k, n) = forward ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        if engine.hasTiles(k: k, n: n) {
            layout = .tiles(try TileWeight(weight, transposed: forward))
            return
        }
        switch engine.library(k: k, n: n) {
        case .openblas: layout = .plain(weight, isTransposed: forward)
        case .onednn:
            layout = .packed(try PackedMatrix(engine.operandFormat == .bf16 ? weight.inBF16(engine) : weight, transposed: forward))
        case .tiles: layout = .digits(try DigitWeight(weight, transposed: forward))
        }
    }

    /// c (rows, n) = a (rows, k) B + bias + residual, on the calling thread.
    /// - Parameters: a in the engine's operand format; bias (n); residual (rows, n) f32, for an f32 result
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil, into c: UnsafeMutableRawPointer,
        format result: ElementFormat = .f32
    ) throws {
        guard rows > 0, n > 0 else { return }
        switch layout {
        case .plain(let weight, let isTransposed):
            let (from, to) = (a.assumingMemoryBound(to: Float.self), c.assumingMemoryBound(to: Float.self))
            if let bias {
                vk_broadcast_row(to, bias, residual, Int64(rows), Int64(n))
            } else if let residual {
                to.update(from: residual, count: rows * n)
            }
            Engine.product(
                false, isTransposed, m: rows, n: n, k: k, from, k, weight.pointer, isTransposed ? k : n, beta: bias == nil && residual == nil ? 0 : 1, to, n)
        case .tiles(let weight):
            ProductCount.add(rows, n, k)
            weight.multiply(a, rows: rows, bias: bias, residual: residual, into: c, format: result)
        case .digits(let weight):
            ProductCount.add(rows, n, k)
            weight.multiply(
                a.assumingMemoryBound(to: Float.self), rows: rows, bias: bias, residual: residual, into: c.assumingMemoryBound(to: Float.self))
        case .packed(let weight):
            ProductCount.add(rows, n, k)
            try weight.multiply(a, rows: rows, bias: bias, residual: residual, into: c, format: result)
        }
    }
}

/// A matrix (k, n) as oneDNN's kernels like it best.
private final class PackedMatrix: @unchecked Sendable {
    private let k, n: Int
    private let type: Int32
    private let memory: AlignedBytes

    /// - Parameter matrix: (n, k) when transposed, else (k, n)
    init(_ matrix: Tensor, transposed: Bool) throws {
        (k, n) = transposed ? (matrix.shape[1], matrix.shape[0]) : (matrix.shape[0], matrix.shape[1])
        type = Int32(matrix.format == .f32 ? vptsp_dnnl_f32 : vptsp_dnnl_bf16)
        let size = vptsp_dnnl_packed_size(Int64(k), Int64(n), type)
        guard size > 0 else { throw EngineError("packing", "oneDNN does not take a weight of shape \(matrix.shape)") }
        memory = try AlignedBytes(size)
        let (row, column) = transposed ? (1, Int64(k)) : (Int64(n), 1)
        let status = vptsp_dnnl_pack(Int64(k), Int64(n), type, matrix.raw(at: 0), row, column, memory.start)
        guard status == 0 else { throw EngineError("packing", "oneDNN refuses a weight of shape \(matrix.shape) (status \(status))") }
    }

    /// c (rows, n) = a (rows, k) B + bias + residual.
    func multiply(
        _ a: UnsafeRawPointer, rows: Int, bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, into c: UnsafeMutableRawPointer,
        format result: ElementFormat
    ) throws {
        var product = vptsp_dnnl_product(
            m: Int64(rows), n: Int64(n), k: Int64(k), a_row: Int64(k), a_column: 1, b_row: 0, b_column: 0, c_row: Int64(n), operands: type,
            result: Int32(result == .f32 ? vptsp_dnnl_f32 : vptsp_dnnl_bf16), bias: bias == nil ? 0 : 1, residual: residual == nil ? 0 : 1)
        let status = vptsp_dnnl_multiply(&product, a, memory.start, bias, residual, c)
        guard status == 0 else { throw EngineError("product", "oneDNN failed on (\(rows), \(k)) times (\(k), \(n)): status \(status)") }
    }
}

/// A layout's bytes, from an address that is a multiple of 64.
final class AlignedBytes: @unchecked Sendable {
    let start: UnsafeMutableRawPointer

    init(_ count: Int) throws {
        var raw: UnsafeMutableRawPointer?
        guard posix_memalign(&raw, 64, count) == 0, let raw else { throw EngineError("packing", "there is no memory for \(count) bytes of a weight") }
        start = raw
    }

    deinit { free(start) }
}

/// The layouts that products have asked for, of one tensor's storage.
final class PackedWeights: Sendable {
    private struct Key: Hashable {
        let offset, rows, columns: Int
        let forward: Bool
        let format: ElementFormat
        let library: ProductLibrary
    }

    private let known = Mutex<[Key: PackedWeight]>([:])

    func weight(_ tensor: Tensor, forward: Bool, engine: Engine) throws -> PackedWeight {
        let (rows, columns) = (tensor.shape[0], tensor.shape[1])
        let key = Key(
            offset: tensor.offset, rows: rows, columns: columns, forward: forward, format: engine.operandFormat,
            library: engine.library(k: forward ? columns : rows, n: forward ? rows : columns))
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
        let (k, n) = forward ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
        guard frozen, library(k: k, n: n) != .openblas else { return try PackedWeight(weight, forward: forward, engine: self) }
        return try weight.storage.packs().weight(weight, forward: forward, engine: self)
    }

    /// Rows `range` of a tensor as an operand: where they lie if they have the format, else written into `scratch`.
    func operand(_ x: Tensor, rows range: Range<Int>, scratch: inout Scratch) -> UnsafeRawPointer {
        let width = x.width
        switch (x.format, operandFormat) {
        case (.f32, .f32): return UnsafeRawPointer(x.pointer + range.lowerBound * width)
        case (.bf16, .bf16): return UnsafeRawPointer(x.halfPointer + range.lowerBound * width)
        case (.f32, .bf16):
            let to = scratch.bytes(range.count * width * 2)
            vk_to_bf16(x.pointer + range.lowerBound * width, to.assumingMemoryBound(to: UInt16.self), Int64(range.count * width))
            return UnsafeRawPointer(to)
        case (.bf16, .f32):
            let to = scratch.floats(range.count * width)
            vk_from_bf16(x.halfPointer + range.lowerBound * width, to, Int64(range.count * width))
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
