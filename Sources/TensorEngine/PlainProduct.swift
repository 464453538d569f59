import COneDNN
import COpenBLAS

/// A matrix as a product reads it: where it begins, and how far its rows and its columns lie apart in elements. One of them is 1.
struct ProductOperand {
    let start: UnsafeRawPointer
    let row, column: Int
}

extension Engine {
    /// c (m, n) = a (m, k) b (k, n) on the calling thread, sums in f32; nothing of it is laid out beforehand, and nothing is counted.
    /// - Parameters: format of a and b, bf16 only beside oneDNN; row: distance between rows of c; result: of c, bf16 beside bf16
    func product(
        m: Int, n: Int, k: Int, _ a: ProductOperand, _ b: ProductOperand, format: ElementFormat, into c: UnsafeMutableRawPointer, row: Int,
        result: ElementFormat = .f32
    ) throws {
        guard m > 0, n > 0 else { return }
        if library != .onednn {
            vptsp_sgemm(
                a.column == 1 ? 0 : 1, b.column == 1 ? 0 : 1, Int32(m), Int32(n), Int32(k), 1, a.start.assumingMemoryBound(to: Float.self),
                Int32(max(a.row, a.column)), b.start.assumingMemoryBound(to: Float.self), Int32(max(b.row, b.column)), 0,
                c.assumingMemoryBound(to: Float.self), Int32(row))
            return
        }
        var product = vptsp_dnnl_product(
            m: Int64(m), n: Int64(n), k: Int64(k), a_row: Int64(a.row), a_column: Int64(a.column), b_row: Int64(b.row), b_column: Int64(b.column),
            c_row: Int64(row), operands: format.dnnl, result: result.dnnl, bias: 0, residual: 0)
        let status = vptsp_dnnl_multiply(&product, a.start, b.start, nil, nil, c)
        guard status == 0 else { throw EngineError("product", "oneDNN failed on (\(m), \(k)) times (\(k), \(n)): status \(status)") }
    }
}

extension ElementFormat {
    /// oneDNN's name of it.
    var dnnl: Int32 { Int32(self == .f32 ? vptsp_dnnl_f32 : vptsp_dnnl_bf16) }
}
