import VectorKernels

extension Tape {
    /// Each image's tokens, and after them the rows that the batch shares (prompts that stay in the sequence).
    /// - Parameters: x (B, N, D); rows (1, n, D)
    /// - Returns: (B, N + n, D)
    public func appendRows(_ x: Variable, _ rows: Variable) throws -> Variable {
        guard x.shape.count == 3, rows.shape.count == 3, rows.shape[0] == 1, rows.shape[2] == x.shape[2] else {
            throw EngineError.shapes("append rows", x.shape, rows.shape, expected: "(B, N, D) and (1, n, D)")
        }
        let batch = x.shape[0]
        let (own, shared) = (x.shape[1] * x.shape[2], rows.value.count)
        let whole = own + shared
        let format = x.value.format
        guard rows.value.format == format else { throw EngineError("append rows", "rows and what they are appended to are not held in one format") }
        let result = Tensor(uninitialized: [batch, x.shape[1] + rows.shape[1], x.shape[2]], format: format)
        let (from, front) = (x.value, rows.value)
        engine.pool.run(batch) { image in
            result.raw(at: image * whole).copyMemory(from: from.raw(at: image * own), byteCount: own * format.size)
            result.raw(at: image * whole + own).copyMemory(from: front.raw(at: 0), byteCount: shared * format.size)
        }
        let (xShape, rowsShape) = (x.shape, rows.shape)
        let engine = self.engine
        return record(result, inputs: [x, rows]) { incoming in
            let gradient = incoming.inF32()
            let gp = gradient.pointer
            var (dx, dRows): (Tensor?, Tensor?)
            if x.needsGradient {
                let slope = Tensor(uninitialized: xShape)
                let to = slope.pointer
                engine.pool.run(batch) { image in (to + image * own).update(from: gp + image * whole, count: own) }
                dx = slope
            }
            if rows.needsGradient {
                // In image order, so that no thread changes the sum.
                let slope = Tensor(zeros: rowsShape)
                for image in 0..<batch { vk_add(slope.pointer, gp + image * whole + own, Int64(shared)) }
                dRows = slope
            }
            return [dx, dRows]
        }
    }
}
