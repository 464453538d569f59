import COneDNN
import VectorKernels

extension Engine {
    /// dW (out, in) = dz (rows, out)^T x (rows, in), in this engine's precision; bf16x3 takes f32 here.
    func weightGradient(_ dz: Tensor, _ x: Tensor, into dW: Tensor) throws {
        guard precision == .bf16 else { return try multiply(dz.inF32(), x.inF32(), transposeA: true, into: dW) }
        let (slopes, inputs) = (dz.inBF16(self), x.inBF16(self))
        let (out, width, rows) = (dz.shape[1], x.shape[1], dz.shape[0])
        guard x.shape[0] == rows, dW.shape == [out, width] else { throw EngineError.shapes("weight gradient", dz.shape, x.shape, expected: "equal rows") }
        let size = 64
        try run((out + size - 1) / size) { index in
            let start = index * size
            ProductCount.add(min(size, out - start), width, rows)
            var product = vptsp_dnnl_product(
                m: Int64(min(size, out - start)), n: Int64(width), k: Int64(rows), a_row: 1, a_column: Int64(out), b_row: Int64(width), b_column: 1,
                c_row: Int64(width), operands: Int32(vptsp_dnnl_bf16), result: Int32(vptsp_dnnl_f32), bias: 0, adds: 0)
            let status = vptsp_dnnl_multiply(&product, slopes.halfPointer + start, inputs.halfPointer, nil, dW.pointer + start * width)
            guard status == 0 else { throw EngineError("weight gradient", "oneDNN failed on \(dz.shape) and \(x.shape): status \(status)") }
        }
    }
}

extension Tensor {
    /// The same values rounded to bf16; itself where they are.
    func inBF16(_ engine: Engine) -> Tensor {
        guard format == .f32 else { return self }
        let result = Tensor(uninitialized: shape, format: .bf16)
        let (from, to) = (pointer, result.halfPointer)
        engine.forElements(count) { vk_to_bf16(from + $0.lowerBound, to + $0.lowerBound, Int64($0.count)) }
        return result
    }
}
