import COneDNN
import COpenBLAS
import Foundation
import Synchronization
import VectorKernels

/// The machine as operations see it: workers, and matrix products.
public final class Engine: Sendable {
    public let pool: WorkerPool
    public let precision: Precision
    /// Whose products of weights are run; those of bf16 are oneDNN's.
    public let library: ProductLibrary
    /// Of products in f32 that were chosen one by one.
    public let choices: ProductChoices
    /// Whether attention and products with weights in bf16 run on the processor's matrix tiles (Intel AMX): where oneDNN's would.
    let worksInTiles: Bool
    /// Whether attention in f32 runs in vectors of 512 bits.
    let hasWideVectors = vk_has_wide_vectors() == 1
    /// Whether attention in bf16 runs in them, where it has no tiles.
    let hasWidePairs = vk_has_wide_pairs() == 1

    /// - Parameters:
    ///   - threads: 1 or more; results do not depend on it
    ///   - precision: of products; ``unavailability(of:)`` says whether this machine has it
    ///   - library: for f32
    ///   - choices: for single products in f32, before `library`
    /// - Throws: `EngineError` when a library cannot be loaded, or the processor has no products of bf16.
    public init(
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, precision: Precision = .f32, library: ProductLibrary = .openblas,
        choices: ProductChoices = [:]
    ) throws {
        if let failure = vptsp_blas_open() { throw EngineError("engine", String(cString: failure)) }
        self.precision = precision
        self.library = precision == .f32 ? library : .onednn
        self.choices = precision == .f32 ? choices : [:]
        for library in Set(self.choices.values).union([self.library]) {
            if let reason = Engine.unavailability(of: precision, library) { throw EngineError("engine", reason) }
        }
        worksInTiles = precision == .bf16 && String(cString: vptsp_dnnl_identity()).hasSuffix("AMX") && Engine.hasMatrixTiles
        pool = WorkerPool(threads: threads)
    }

    /// Why a library's products in a precision are not to be had here; nil when they are.
    public static func unavailability(of precision: Precision, _ library: ProductLibrary = .onednn) -> String? {
        if precision == .f32, library != .onednn {
            return library == .openblas || hasMatrixTiles ? nil : "this processor has no matrix tiles (Intel AMX), or the kernel does not lend them"
        }
        if let failure = vptsp_dnnl_open() { return String(cString: failure) }
        if precision != .f32, vptsp_dnnl_has_bf16() == 0 {
            return "this processor has no instructions for bf16 products (oneDNN \(String(cString: vptsp_dnnl_identity())))"
        }
        return nil
    }

    /// How operands of products are held, queries, keys, values and what attention makes of them among them.
    public var operandFormat: ElementFormat { precision == .bf16 ? .bf16 : .f32 }

    /// Library, release, kernel family and precision of products with weights: bytes are equal within one.
    public var productIdentity: String {
        let vectors = precision == .bf16 ? hasWidePairs : hasWideVectors
        let attention = worksInTiles ? ", products and attention AMX" : vectors ? ", attention AVX-512" : ""
        let others = ProductLibrary.allCases.compactMap { other in
            let shapes = choices.filter { $0.value == other && other != library }.keys.map(\.description).sorted()
            return shapes.isEmpty ? nil : ", \(name(of: other)) for \(shapes.joined(separator: " "))"
        }
        return name(of: library) + attention + others.joined()
    }

    private func name(of library: ProductLibrary) -> String {
        switch library {
        case .openblas: "OpenBLAS \(blasKernel) f32"
        case .onednn: "oneDNN \(String(cString: vptsp_dnnl_identity())) \(precision.rawValue)"
        case .tiles: "AMX integers f32, OpenBLAS \(blasKernel)"
        }
    }

    deinit { pool.stop() }

    /// OpenBLAS's kernel family; belongs in a run's manifest, since bytes are equal only within one.
    public var blasKernel: String { String(cString: vptsp_blas_kernel()) }
    public var blasConfiguration: String { String(cString: vptsp_blas_config()) }

    /// Why OpenBLAS computes with shorter vectors than the processor has, where the environment tells it to; nil where it does not.
    public var blasRemark: String? {
        guard library == .openblas, let named = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"], let best = vptsp_blas_best_kernel().map({ String(cString: $0) }),
            best == "SkylakeX", ["Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott", "Core2", "Barcelona"].contains(blasKernel)
        else { return nil }
        return "OPENBLAS_CORETYPE=\(named) holds OpenBLAS to \(blasKernel) kernels, about half as fast as the processor's own (\(best)): without it runs are faster, and end in other last bits"
    }

    /// Cuts `rows` into ranges by shapes alone: enough for many threads, each long enough to pay for packing the weights.
    static func rowChunks(_ rows: Int, work: Int) -> (count: Int, size: Int) {
        let byWork = max(1, min(32, rows * max(work, 1) / 2_000_000))
        // OpenBLAS packs the weights for each chunk, which costs about as much as 20 rows: some 400 rows a chunk, but four chunks first.
        let byRows = max(1, rows / 384, min(rows / 32, 4))
        let count = min(byWork, byRows)
        let size = ((rows + count - 1) / count + 7) & ~7
        return (size == 0 ? 0 : (rows + size - 1) / size, max(size, 1))
    }

    /// Runs `body` over ranges of rows; `work` is the operations a row costs.
    func forRows(_ rows: Int, work: Int, _ body: (Range<Int>) -> Void) {
        let chunks = Engine.rowChunks(rows, work: work)
        pool.run(chunks.count) { index in
            let start = index * chunks.size
            body(start..<min(start + chunks.size, rows))
        }
    }

    /// Rows of a chunk of products with weights.
    /// - Parameter library: whose products of the chunk want the longest
    func productChunks(_ rows: Int, work: Int, _ library: ProductLibrary) -> (count: Int, size: Int) {
        guard let liked = library.rows else { return Engine.rowChunks(rows, work: work) }
        let most = rows >= 8 * liked ? liked : 32
        let count = (rows + most - 1) / most
        // Whole tiles of 16 rows but in the last chunk: what is left over reads all of the weight again.
        let size = max(16, ((rows + count - 1) / max(count, 1) + 15) & ~15)
        return ((rows + size - 1) / size, size)
    }

    /// `body` with the number and the rows of each chunk.
    /// - Throws: what the first chunk that failed threw.
    func forProductChunks(_ rows: Int, work: Int, _ library: ProductLibrary, _ body: (Int, Range<Int>) throws -> Void) throws {
        let chunks = productChunks(rows, work: work, library)
        try run(chunks.count) { index in
            let start = index * chunks.size
            try body(index, start..<min(start + chunks.size, rows))
        }
    }

    /// `WorkerPool.run` for a body that may fail.
    /// - Throws: what the first index that failed threw.
    func run(_ count: Int, _ body: (Int) throws -> Void) throws {
        let failure = Mutex<(index: Int, error: any Error)?>(nil)
        pool.run(count) { index in
            do {
                try body(index)
            } catch {
                failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure.error }
    }

    /// Runs `body` over ranges of a flat array.
    func forElements(_ count: Int, _ body: (Range<Int>) -> Void) {
        let size = 1 << 15
        pool.run((count + size - 1) / size) { index in
            body(index * size..<min((index + 1) * size, count))
        }
    }

    /// C = alpha op(A) op(B) + beta C for 2-D tensors, op the transpose where asked.
    /// - Throws: `EngineError` with the shapes when they do not fit.
    public func multiply(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1, into c: Tensor, beta: Float = 0
    ) throws {
        guard a.shape.count == 2, b.shape.count == 2, c.shape.count == 2 else {
            throw EngineError("multiply", "shapes \(a.shape), \(b.shape) into \(c.shape); expected three matrices")
        }
        let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
        guard k == inner, c.shape == [m, n] else {
            throw EngineError.shapes("multiply", [m, k], [inner, n], expected: "inner extents equal and a result of [\(m), \(n)], not \(c.shape)")
        }
        let (ap, bp, cp) = (a.pointer, b.pointer, c.pointer)
        let (lda, ldb) = (a.shape[1], b.shape[1])
        forRows(m, work: 2 * k * n) { rows in
            let start = transposeA ? ap + rows.lowerBound : ap + rows.lowerBound * lda
            Engine.product(
                transposeA, transposeB, m: rows.count, n: n, k: k, alpha: alpha, start, lda, bp, ldb, beta: beta,
                cp + rows.lowerBound * n, n)
        }
    }

    /// One single-threaded product of raw matrices.
    package static func product(
        _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float = 1,
        _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, beta: Float,
        _ c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        guard m > 0, n > 0 else { return }
        ProductCount.add(m, n, k)
        vptsp_sgemm(
            transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(max(lda, 1)), b, Int32(max(ldb, 1)),
            beta, c, Int32(max(ldc, 1)))
    }

    /// out (d) = sum over rows of x (rows x d), by partial sums of fixed ranges added in order.
    func columnSums(_ x: UnsafePointer<Float>, rows: Int, width d: Int) -> Tensor {
        reducedRows(rows: rows, width: d) { range, partial in
            vk_column_sums(x + range.lowerBound * d, Int64(range.count), Int64(d), Int64(d), partial)
        }
    }

    /// Sums what `body` adds to a zeroed row of `width` values for each fixed range of rows.
    func reducedRows(rows: Int, width: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void) -> Tensor {
        let size = 256
        let chunks = max(1, (rows + size - 1) / size)
        let partial = Tensor(zeros: [chunks, width])
        pool.run(chunks) { index in
            let start = index * size
            body(start..<min(start + size, rows), partial.pointer + index * width)
        }
        let result = Tensor(zeros: [width])
        vk_column_sums(partial.pointer, Int64(chunks), Int64(width), Int64(width), result.pointer)
        return result
    }
}
