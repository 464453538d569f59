import VectorKernels

extension Engine {
    /// dW (out, in) = dz (rows, out)^T x (rows, in), in this engine's precision.
    func weightGradient(_ dz: Tensor, _ x: Tensor, into dW: Tensor) throws {
        guard precision == .bf16 else { return try multiply(dz.inF32(), x.inF32(), transposeA: true, into: dW) }
        let (slopes, inputs) = (dz.inBF16(self), x.inBF16(self))
        let (out, width, rows) = (dz.shape[1], x.shape[1], dz.shape[0])
        guard x.shape[0] == rows, dW.shape == [out, width] else { throw EngineError.shapes("weight gradient", dz.shape, x.shape, expected: "equal rows") }
        let size = 64
        try run((out + size - 1) / size) { index in
            let start = index * size
            ProductCount.add(min(size, out - start), width, rows)
            try product(
                m: min(size, out - start), n: width, k: rows, ProductOperand(start: slopes.halfPointer + start, row: 1, column: out),
                ProductOperand(start: inputs.halfPointer, row: width, column: 1), format: .bf16, into: dW.pointer + start * width, row: width)
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
