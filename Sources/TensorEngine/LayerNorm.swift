import VectorKernels

extension Tape {
    /// (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis (Ba et al. 2016).
    /// - Parameters: x (..., d); weight, bias (d)
    public func layerNorm(_ x: Variable, weight: Variable, bias: Variable, epsilon: Float) throws -> Variable {
        let d = x.value.width
        guard weight.value.count == d, bias.value.count == d else {
            throw EngineError.shapes("layer norm", x.shape, weight.shape, expected: "a weight and a bias of \(d) values")
        }
        let rows = x.value.rowCount
        let y = Tensor(uninitialized: x.shape)
        let mean = Tensor(uninitialized: [rows])
        let rstd = Tensor(uninitialized: [rows])
        let (input, w) = (x.value, weight.value)
        let engine = self.engine
        do {
            let (xp, wp, bp, yp, mp, sp) = (input.pointer, w.pointer, bias.value.pointer, y.pointer, mean.pointer, rstd.pointer)
            engine.forRows(rows, work: 16 * d) { chunk in
                let at = chunk.lowerBound
                vk_layer_norm(xp + at * d, wp, bp, epsilon, Int64(chunk.count), Int64(d), yp + at * d, mp + at, sp + at)
            }
        }
        let wanted = (x: x.needsGradient, weight: weight.needsGradient, bias: bias.needsGradient)
        let reads = wanted.x || wanted.weight ? input : nil
        let shape = x.shape
        return record(y, inputs: [x, weight, bias]) { gradient in
            let gp = gradient.pointer
            guard let reads else { return [nil, nil, engine.columnSums(gp, rows: rows, width: d)] }
            let (xp, wp, mp, sp) = (reads.pointer, w.pointer, mean.pointer, rstd.pointer)
            var dx: Tensor?
            if wanted.x {
                let result = Tensor(uninitialized: shape)
                let rp = result.pointer
                engine.forRows(rows, work: 16 * d) { chunk in
                    let at = chunk.lowerBound
                    vk_layer_norm_backward(gp + at * d, xp + at * d, wp, mp + at, sp + at, Int64(chunk.count), Int64(d), rp + at * d)
                }
                dx = result
            }
            let dWeight = !wanted.weight ? nil : engine.reducedRows(rows: rows, width: d) { chunk, partial in
                let at = chunk.lowerBound
                vk_layer_norm_parameters(gp + at * d, xp + at * d, mp + at, sp + at, Int64(chunk.count), Int64(d), partial, nil)
            }
            return [dx, dWeight, wanted.bias ? engine.columnSums(gp, rows: rows, width: d) : nil]
        }
    }
}
