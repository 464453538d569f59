import VectorKernels

extension Tape {
    /// base + W2 activation(W1 norm(x) + b1) + b2, a block's second half, for frozen weights.
    ///
    /// The hidden layer exists for a chunk of rows at a time, in the caches; the backward pass keeps of each of its values
    /// the activation's derivative.
    /// - Parameters:
    ///   - x: (..., d)
    ///   - base: of x's shape; usually x itself
    ///   - fc1: (h, d) and (h); fc2: (d, h) and (d); weights frozen, biases may learn
    ///   - known: the result, where it was computed before: its product is then not computed again
    /// - Returns: (..., d)
    public func mlp(
        _ x: Variable, base: Variable, norm: RowNorm, fc1: (weight: Variable, bias: Variable), fc2: (weight: Variable, bias: Variable), activation: Activation,
        known: Tensor? = nil
    ) throws -> Variable {
        let d = x.value.width
        try norm.check("MLP", width: d)
        guard fc1.weight.shape.count == 2, fc1.weight.shape[1] == d, fc2.weight.shape == [d, fc1.weight.shape[0]], base.shape == x.shape,
            fc1.bias.value.count == fc1.weight.shape[0], fc2.bias.value.count == d, activation != .none
        else { throw EngineError.shapes("MLP", fc1.weight.shape, fc2.weight.shape, expected: "(h, \(d)) and (\(d), h), biases, a base of shape \(x.shape), an activation") }
        guard !fc1.weight.needsGradient, !fc2.weight.needsGradient else { throw EngineError("MLP", "a weight learns") }
        guard known.map({ $0.shape == x.shape }) ?? true else { throw EngineError.shapes("MLP", x.shape, known?.shape ?? [], expected: "a known result of x's shape") }
        let h = fc1.weight.shape[0]
        let rows = x.value.rowCount
        let engine = self.engine
        let format = engine.operandFormat
        // Both products of a chunk, forward and backward, see the same rows.
        let library = [(d, h), (h, d)].map { engine.library(k: $0, n: $1) }.max { $0.rows ?? .max < $1.rows ?? .max } ?? .openblas
        let isOneStream = base === x
        let keeps = records(x, base, fc1.bias, fc2.bias, norm.bias)
        let wanted = (x: x.needsGradient, base: base.needsGradient, bias1: fc1.bias.needsGradient, bias2: fc2.bias.needsGradient, normBias: norm.bias.needsGradient)
        let goesDeep = wanted.x || wanted.bias1 || wanted.normBias
        let slope = keeps && goesDeep ? engine.fixedPoint(rows * h) : nil
        let normRecord = keeps && wanted.x ? NormRecord(rows: rows, width: d, engine: engine) : nil
        let y = known ?? Tensor(uninitialized: x.shape)
        if known == nil || slope != nil || normRecord != nil {
            let up = try engine.packed(fc1.weight.value, frozen: fc1.weight.isFrozen, forward: true)
            let down = known != nil ? nil : try engine.packed(fc2.weight.value, frozen: fc2.weight.isFrozen, forward: true)
            let (input, stream, b1, b2) = (x.value, base.value.pointer, fc1.bias.value.pointer, fc2.bias.value.pointer)
            try engine.forProductChunks(rows, work: 4 * d * h, library) { _, chunk in
                var scratch = Scratch()
                let a = norm.operand(input, rows: chunk, record: normRecord, engine: engine, scratch: &scratch)
                let z = scratch.floats(chunk.count * h)
                try up.multiply(a, rows: chunk.count, bias: b1, into: z)
                // f32 over itself: a value is read before its place is written.
                let hidden = format == .f32 ? UnsafeMutableRawPointer(z) : scratch.bytes(chunk.count * h * format.size)
                let at = chunk.lowerBound * h
                vk_gelu_operand(
                    z, Int64(chunk.count), Int64(h), activation.isQuick, format.rawValue, hidden, slope?.upper(at: at), slope?.rest(at: at))
                guard let down else { return }
                let start = chunk.lowerBound * d
                try down.multiply(hidden, rows: chunk.count, bias: b2, residual: stream + start, into: y.raw(at: start))
            }
        }

        let inputs = [x] + (isOneStream ? [] : [base]) + [fc1.bias, fc2.bias, norm.bias]
        let (w1, w2, gain, shape) = (fc1.weight, fc2.weight, norm.weight.value, x.shape)
        return record(y, inputs: inputs) { gradient in
            let chunks = engine.productChunks(rows, work: 4 * d * h, library).count
            let sums1 = ChunkSums(wanted: wanted.bias1, chunks: chunks, width: h)
            let sums2 = ChunkSums(wanted: wanted.bias2, chunks: chunks, width: d)
            let normSums = ChunkSums(wanted: wanted.normBias, chunks: chunks, width: d)
            let dx = wanted.x ? Tensor(uninitialized: shape) : nil
            let needsInput = wanted.x || wanted.normBias
            let down = goesDeep ? try engine.packed(w2.value, frozen: w2.isFrozen, forward: false) : nil
            let up = needsInput ? try engine.packed(w1.value, frozen: w1.isFrozen, forward: false) : nil
            try engine.forProductChunks(rows, work: 4 * d * h, library) { index, chunk in
                var scratch = Scratch()
                if let sums = sums2[index] { gradient.addColumnSums(rows: chunk, to: sums) }
                guard let down, let slope else { return }
                let dHidden = scratch.floats(chunk.count * h)
                try down.multiply(engine.operand(gradient, rows: chunk, scratch: &scratch), rows: chunk.count, into: dHidden)
                let dz = format == .f32 ? UnsafeMutableRawPointer(dHidden) : scratch.bytes(chunk.count * h * format.size)
                let at = chunk.lowerBound * h
                vk_slope_operand(
                    dHidden, slope.upper(at: at), slope.rest(at: at), Int64(chunk.count), Int64(h), format.rawValue, dz, sums1[index])
                guard let up else { return }
                let dh = scratch.floats(chunk.count * d)
                try up.multiply(dz, rows: chunk.count, into: dh)
                if let dx, let normRecord {
                    let more = isOneStream ? UnsafePointer(gradient.pointer + chunk.lowerBound * d) : nil
                    normRecord.backward(dh, chunk, weight: gain, adding: more, into: dx, sums: normSums[index])
                } else if let sums = normSums[index] {
                    vk_column_sums(dh, Int64(chunk.count), Int64(d), Int64(d), sums)
                }
            }
            return [dx] + (isOneStream ? [] : [wanted.base ? gradient : nil]) + [sums1.total(), sums2.total(), normSums.total()]
        }
    }
}
