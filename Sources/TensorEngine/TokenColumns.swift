import VectorKernels

extension Tape {
    /// Each row of the last axis times `scale`, value by value: a branch's layer scale.
    /// - Parameters: x (..., d); scale (d)
    public func scaleColumns(_ x: Variable, by scale: Variable) throws -> Variable {
        let d = x.value.width
        guard scale.value.count == d else { throw EngineError.shapes("scale columns", x.shape, scale.shape, expected: "one factor for each of \(d) columns") }
        let rows = x.value.rowCount
        let y = Tensor(uninitialized: x.shape)
        let (xp, sp, yp) = (x.value.pointer, scale.value.pointer, y.pointer)
        let engine = self.engine
        engine.forRows(rows, work: 2 * d) { chunk in
            for row in chunk {
                for i in 0..<d { yp[row * d + i] = xp[row * d + i] * sp[i] }
            }
        }
        let wanted = (x: x.needsGradient, scale: scale.needsGradient)
        let (reads, factors, shape, scaleShape) = (wanted.scale ? x.value : nil, scale.value, x.shape, scale.shape)
        return record(y, inputs: [x, scale]) { gradient in
            let (gp, sp) = (gradient.pointer, factors.pointer)
            var (dx, dScale): (Tensor?, Tensor?)
            if wanted.x {
                let slope = Tensor(uninitialized: shape)
                let to = slope.pointer
                engine.forRows(rows, work: 2 * d) { chunk in
                    for row in chunk {
                        for i in 0..<d { to[row * d + i] = gp[row * d + i] * sp[i] }
                    }
                }
                dx = slope
            }
            if let reads {
                let xp = reads.pointer
                dScale = try engine.reducedRows(rows: rows, width: d) { chunk, partial in
                    for row in chunk {
                        for i in 0..<d { partial[i] += gp[row * d + i] * xp[row * d + i] }
                    }
                }.reshaped(scaleShape)
            }
            return [dx, dScale]
        }
    }

    /// The mean of each image's first `count` tokens: (B, N, D) to (B, D).
    public func meanOfFirstTokens(_ x: Variable, count: Int) throws -> Variable {
        guard x.shape.count == 3, 1...max(x.shape[1], 1) ~= count else {
            throw EngineError("mean of first tokens", "shape \(x.shape); expected (B, N, D) with N of \(count) or more")
        }
        let (batch, tokens, d) = (x.shape[0], x.shape[1], x.shape[2])
        let share = 1 / Float(count)
        let result = Tensor(zeros: [batch, d])
        for image in 0..<batch {
            for token in 0..<count { vk_axpy(result.pointer + image * d, share, x.value.pointer + (image * tokens + token) * d, Int64(d)) }
        }
        let shape = x.shape
        return record(result, inputs: [x]) { gradient in
            let dx = Tensor(zeros: shape)
            for image in 0..<batch {
                for token in 0..<count { vk_axpy(dx.pointer + (image * tokens + token) * d, share, gradient.pointer + image * d, Int64(d)) }
            }
            return [dx]
        }
    }
}
