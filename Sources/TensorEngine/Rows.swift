import VectorKernels

extension Tape {
    /// The same values under another shape.
    public func reshape(_ x: Variable, _ shape: [Int]) throws -> Variable {
        let before = x.shape
        return try record(x.value.reshaped(shape), inputs: [x]) { [try $0.reshaped(before)] }
    }

    /// Each row of the last axis divided by its length, at least 1e-12 as torch's `normalize` has it.
    public func normalizeRows(_ x: Variable) -> Variable {
        let (rows, d) = (x.value.rowCount, x.value.width)
        let y = Tensor(uninitialized: x.shape)
        let inverse = Tensor(uninitialized: [rows])
        let (xp, yp, ip) = (x.value.pointer, y.pointer, inverse.pointer)
        let engine = self.engine
        engine.forRows(rows, work: 8 * d) { chunk in
            for row in chunk {
                let length = vk_dot(xp + row * d, xp + row * d, Int64(d)).squareRoot()
                ip[row] = 1 / max(length, 1e-12)
                for i in row * d..<(row + 1) * d { yp[i] = xp[i] * ip[row] }
            }
        }
        let shape = x.shape
        return record(y, inputs: [x]) { gradient in
            let dx = Tensor(uninitialized: shape)
            let (gp, yp, ip, rp) = (gradient.pointer, y.pointer, inverse.pointer, dx.pointer)
            engine.forRows(rows, work: 8 * d) { chunk in
                for row in chunk {
                    // Below the bound the length is a constant, and the direction's term is gone.
                    let along = ip[row] < 1e12 ? vk_dot(gp + row * d, yp + row * d, Int64(d)) : 0
                    for i in row * d..<(row + 1) * d { rp[i] = (gp[i] - along * yp[i]) * ip[row] }
                }
            }
            return [dx]
        }
    }

    /// a (m, k) times b (k, n), or b (n, k) transposed.
    public func matmul(_ a: Variable, _ b: Variable, transposeB: Bool = false) throws -> Variable {
        guard a.shape.count == 2, b.shape.count == 2 else { throw EngineError.shapes("matmul", a.shape, b.shape, expected: "two matrices") }
        let result = Tensor(uninitialized: [a.shape[0], transposeB ? b.shape[0] : b.shape[1]])
        try engine.multiply(a.value, b.value, transposeB: transposeB, into: result)
        let engine = self.engine
        return record(result, inputs: [a, b]) { gradient in
            var (da, db): (Tensor?, Tensor?)
            if a.needsGradient {
                let slope = Tensor(uninitialized: a.shape)
                try engine.multiply(gradient, b.value, transposeB: !transposeB, into: slope)
                da = slope
            }
            if b.needsGradient {
                let slope = Tensor(uninitialized: b.shape)
                if transposeB {
                    try engine.multiply(gradient, a.value, transposeA: true, into: slope)
                } else {
                    try engine.multiply(a.value, gradient, transposeA: true, into: slope)
                }
                db = slope
            }
            return [da, db]
        }
    }

    /// Rows `indices` of the first axis, in that order; a row may come twice.
    public func gatherRows(_ x: Variable, indices: [Int]) throws -> Variable {
        guard let extent = x.shape.first, indices.allSatisfy({ 0 <= $0 && $0 < extent }) else {
            throw EngineError("gather rows", "indices \(indices.prefix(8)) are not all rows of shape \(x.shape)")
        }
        let size = x.shape.dropFirst().reduce(1, *)
        let result = Tensor(uninitialized: [indices.count] + x.shape.dropFirst())
        for (to, from) in indices.enumerated() { (result.pointer + to * size).update(from: x.value.pointer + from * size, count: size) }
        let shape = x.shape
        return record(result, inputs: [x]) { gradient in
            let dx = Tensor(zeros: shape)
            for (from, to) in indices.enumerated() { vk_add(dx.pointer + to * size, gradient.pointer + from * size, Int64(size)) }
            return [dx]
        }
    }

    /// `base` with its rows `indices`, all different, replaced by `rows`; gradient reaches both.
    public func replaceRows(_ base: Variable, indices: [Int], with rows: Variable) throws -> Variable {
        guard let extent = base.shape.first, Set(indices).count == indices.count, indices.allSatisfy({ 0 <= $0 && $0 < extent }),
            rows.shape == [indices.count] + base.shape.dropFirst()
        else { throw EngineError.shapes("replace rows", base.shape, rows.shape, expected: "one row for each of \(indices.count) different indices") }
        let size = base.shape.dropFirst().reduce(1, *)
        let result = base.value.copy()
        for (from, to) in indices.enumerated() { (result.pointer + to * size).update(from: rows.value.pointer + from * size, count: size) }
        let rowsShape = rows.shape
        return record(result, inputs: [base, rows]) { gradient in
            let dRows = Tensor(uninitialized: rowsShape)
            for (to, from) in indices.enumerated() { (dRows.pointer + to * size).update(from: gradient.pointer + from * size, count: size) }
            guard base.needsGradient else { return [nil, dRows] }
            let dBase = gradient.copy()
            for row in indices { vk_fill(dBase.pointer + row * size, 0, Int64(size)) }
            return [dBase, dRows]
        }
    }

    /// The mean of each run of `size` rows: (G x size, E) to (G, E).
    public func meanOfGroups(_ x: Variable, size: Int) throws -> Variable {
        let (groups, d) = try groupShape("mean of groups", x, size)
        let result = Tensor(zeros: [groups, d])
        for group in 0..<groups {
            vk_column_sums(x.value.pointer + group * size * d, Int64(size), Int64(d), Int64(d), result.pointer + group * d)
        }
        vk_scale(result.pointer, 1 / Float(size), Int64(result.count))
        let shape = x.shape
        return record(result, inputs: [x]) { gradient in
            let dx = Tensor(zeros: shape)
            for row in 0..<groups * size { vk_axpy(dx.pointer + row * d, 1 / Float(size), gradient.pointer + row / size * d, Int64(d)) }
            return [dx]
        }
    }

    /// Row `position` of each run of `size` rows: (G x size, E) to (G, E).
    public func selectInGroups(_ x: Variable, size: Int, position: Int) throws -> Variable {
        let (groups, _) = try groupShape("select in groups", x, size)
        guard 0..<size ~= position else { throw EngineError("select in groups", "position \(position) is not below \(size)") }
        return try gatherRows(x, indices: (0..<groups).map { $0 * size + position })
    }

    private func groupShape(_ operation: String, _ x: Variable, _ size: Int) throws -> (groups: Int, width: Int) {
        guard x.shape.count == 2, size > 0, x.shape[0] % size == 0 else {
            throw EngineError(operation, "shape \(x.shape) is not (G x \(size), E)")
        }
        return (x.shape[0] / size, x.shape[1])
    }
}
