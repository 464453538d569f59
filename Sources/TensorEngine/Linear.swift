import VectorKernels

public enum Activation: Sendable {
    case none
    /// Exact GELU, x Phi(x).
    case gelu
    /// x sigma(1.702 x).
    case quickGELU

    var isQuick: Int32 { self == .quickGELU ? 1 : 0 }
}

/// A layer norm that rows go through on their way into a product, in the caches: nothing of it is stored but, for the
/// backward pass, its normalised rows.
public struct RowNorm {
    /// Gain, (d); frozen.
    public let weight: Variable
    /// (d)
    public let bias: Variable
    public let epsilon: Float

    public init(weight: Variable, bias: Variable, epsilon: Float) {
        (self.weight, self.bias, self.epsilon) = (weight, bias, epsilon)
    }

    func check(_ operation: String, width d: Int) throws {
        guard weight.value.count == d, bias.value.count == d else {
            throw EngineError.shapes(operation, weight.shape, bias.shape, expected: "a norm's weight and bias of \(d) values")
        }
        guard !weight.needsGradient else { throw EngineError(operation, "the gain of a norm inside a product gets no gradient") }
    }
}

/// What a norm inside a product keeps for its backward pass.
struct NormRecord {
    /// (rows, d), the normalised rows.
    let hat: FixedPoint
    /// (rows, 2), of each row 1 / deviation and the step of its fixed point.
    private let scales: Tensor

    init(rows: Int, width: Int, engine: Engine) {
        hat = engine.fixedPoint(rows * width)
        scales = Tensor(uninitialized: [rows, 2])
    }

    func scales(at row: Int) -> UnsafeMutablePointer<Float> { scales.pointer + 2 * row }

    /// dx of dL/d(norm's output) for a chunk of rows.
    func backward(_ dh: UnsafePointer<Float>, _ rows: Range<Int>, weight: Tensor, adding more: UnsafePointer<Float>?, into dx: Tensor, sums: UnsafeMutablePointer<Float>?) {
        let d = dx.width
        let at = rows.lowerBound * d
        vk_layer_norm_hat_backward(
            dh, hat.upper(at: at), hat.rest(at: at), scales(at: rows.lowerBound), weight.pointer, more, Int64(rows.count), Int64(d), dx.pointer + at, sums)
    }
}

extension RowNorm {
    /// Rows of x (..., d), normalised, as an operand.
    func operand(_ x: Tensor, rows: Range<Int>, record: NormRecord?, engine: Engine, scratch: inout Scratch) -> UnsafeRawPointer {
        let d = x.width
        let at = rows.lowerBound * d
        let to = scratch.bytes(rows.count * d * engine.operandFormat.size)
        vk_layer_norm_operand(
            x.pointer + at, weight.value.pointer, bias.value.pointer, epsilon, Int64(rows.count), Int64(d), engine.operandFormat.rawValue, to,
            record?.hat.upper(at: at), record?.hat.rest(at: at), record?.scales(at: rows.lowerBound))
        return UnsafeRawPointer(to)
    }
}

/// Sums over rows, a partial sum for each chunk; they are added in the chunks' order.
struct ChunkSums {
    private let partial: Tensor?
    let width: Int

    init(wanted: Bool, chunks: Int, width: Int) {
        partial = wanted ? Tensor(zeros: [max(chunks, 1), width]) : nil
        self.width = width
    }

    subscript(chunk: Int) -> UnsafeMutablePointer<Float>? { partial.map { $0.pointer + chunk * width } }

    /// The sum, at `start` of a vector of `count` values; nil where none is wanted.
    func total(at start: Int = 0, of count: Int? = nil) -> Tensor? {
        guard let partial else { return nil }
        let result = Tensor(zeros: [count ?? width])
        vk_column_sums(partial.pointer, Int64(partial.shape[0]), Int64(width), Int64(width), result.pointer + start)
        return result
    }
}

extension Tape {
    /// y = activation(norm(x) W^T + b + residual).
    ///
    /// - Parameters:
    ///   - x: (..., in)
    ///   - norm: for a weight that is frozen
    ///   - weight: (out, in), as in timm
    ///   - bias: (out)
    ///   - outputs: only these rows of the weight and bias; the result is as wide as the range
    ///   - residual: of the result's shape
    ///   - known: y, where it was computed before, of a weight that is frozen and rows without norm and activation: its product is then not computed again
    ///   - result: how y is held; what it is held in for attention is ``Engine/operandFormat``
    /// - Returns: (..., out)
    public func linear(
        _ x: Variable, norm: RowNorm? = nil, weight: Variable, bias: Variable?, outputs: Range<Int>? = nil, activation: Activation = .none,
        residual: Variable? = nil, known: Tensor? = nil, result: ElementFormat = .f32
    ) throws -> Variable {
        let width = x.value.width
        guard weight.shape.count == 2, weight.shape[1] == width, x.shape.count >= 1 else {
            throw EngineError.shapes("linear", x.shape, weight.shape, expected: "(..., in) and (out, in)")
        }
        let range = outputs ?? 0..<weight.shape[0]
        guard bias == nil || bias?.value.count == weight.shape[0] else {
            throw EngineError.shapes("linear", weight.shape, bias?.shape ?? [], expected: "a bias as long as the weight has rows")
        }
        try norm?.check("linear", width: width)
        guard norm == nil || !weight.needsGradient else { throw EngineError("linear", "a product with a norm inside has a weight that learns") }
        let w = try weight.value.rows(range)
        let out = range.count
        let rows = x.value.rowCount
        let shape = Array(x.shape.dropLast()) + [out]
        if let residual, residual.shape != shape {
            throw EngineError.shapes("linear", shape, residual.shape, expected: "a residual of the result's shape")
        }

        if let known, known.shape != shape || known.format != result || norm != nil || activation != .none || weight.needsGradient {
            throw EngineError.shapes("linear", shape, known.shape, expected: "a known result of that shape, a frozen weight, neither norm nor activation")
        }

        let engine = self.engine
        let keeps = records(x, weight, bias, residual, norm?.bias)
        let y = known ?? Tensor(uninitialized: shape, format: result)
        let slope = keeps && activation != .none ? engine.fixedPoint(rows * out) : nil
        let normRecord = keeps && norm != nil && x.needsGradient ? NormRecord(rows: rows, width: width, engine: engine) : nil
        if known == nil {
            let packed = try engine.packed(w, frozen: weight.isFrozen, forward: true)
            let (input, bp, rp) = (x.value, bias.map { $0.value.pointer + range.lowerBound }, residual?.value.pointer)
            try engine.forProductChunks(rows, work: 2 * width * out, engine.library(k: width, n: out)) { _, chunk in
                var scratch = Scratch()
                let start = chunk.lowerBound * out
                let a = norm?.operand(input, rows: chunk, record: normRecord, engine: engine, scratch: &scratch)
                    ?? engine.operand(input, rows: chunk, scratch: &scratch)
                let more = rp.map { UnsafePointer($0 + start) }
                if activation == .none, result == .f32 || more == nil {
                    try packed.multiply(a, rows: chunk.count, bias: bp, residual: more, into: y.raw(at: start), format: result)
                    return
                }
                let z = scratch.floats(chunk.count * out)
                try packed.multiply(a, rows: chunk.count, bias: bp, residual: more, into: z)
                if activation == .none {
                    vk_to_bf16(z, y.halfPointer + start, Int64(chunk.count * out))
                } else {
                    vk_gelu_operand(
                        z, Int64(chunk.count), Int64(out), activation.isQuick, result.rawValue, y.raw(at: start), slope?.upper(at: start),
                        slope?.rest(at: start))
                }
            }
        }

        let inputs = [x, weight] + [bias, residual, norm?.bias].compactMap { $0 }
        let wanted = (
            x: x.needsGradient, weight: weight.needsGradient, bias: bias?.needsGradient == true, residual: residual?.needsGradient == true,
            normBias: norm?.bias.needsGradient == true
        )
        let saved = weight.needsGradient ? x.value : nil
        let (xShape, xFormat, weightShape, hasBias, hasResidual, isFrozen) = (x.shape, x.value.format, weight.shape, bias != nil, residual != nil, weight.isFrozen)
        let gain = norm?.weight.value
        return record(y, inputs: inputs) { gradient in
            let library = engine.library(k: out, n: width)
            let chunks = engine.productChunks(rows, work: 2 * width * out, library).count
            let biasSums = ChunkSums(wanted: wanted.bias, chunks: chunks, width: out)
            let normSums = ChunkSums(wanted: wanted.normBias, chunks: chunks, width: width)
            let needsInput = wanted.x || wanted.normBias
            let packed = needsInput ? try engine.packed(w, frozen: isFrozen, forward: false) : nil
            let dx = wanted.x ? Tensor(uninitialized: xShape, format: xFormat) : nil
            // With an activation dL/dz exists a chunk at a time, unless somebody wants all of it.
            let outgoing = slope == nil ? gradient : gradient.inF32()
            let dz = slope == nil ? gradient : wanted.weight || wanted.residual ? Tensor(uninitialized: shape) : nil
            try engine.forProductChunks(rows, work: 2 * width * out, library) { index, chunk in
                var scratch = Scratch()
                let start = chunk.lowerBound * out
                let a: UnsafeRawPointer
                if let slope {
                    let to = scratch.bytes(chunk.count * out * engine.operandFormat.size)
                    let (dy, upper, rest) = (outgoing.pointer + start, slope.upper(at: start), slope.rest(at: start))
                    vk_slope_operand(dy, upper, rest, Int64(chunk.count), Int64(out), engine.operandFormat.rawValue, to, biasSums[index])
                    if let dz { vk_slope_operand(dy, upper, rest, Int64(chunk.count), Int64(out), ElementFormat.f32.rawValue, dz.pointer + start, nil) }
                    a = UnsafeRawPointer(to)
                } else {
                    if let sums = biasSums[index] { outgoing.addColumnSums(rows: chunk, to: sums) }
                    guard needsInput else { return }
                    a = engine.operand(outgoing, rows: chunk, scratch: &scratch)
                }
                guard let packed else { return }
                if let gain {
                    let dh = scratch.floats(chunk.count * width)
                    try packed.multiply(a, rows: chunk.count, into: dh)
                    if let dx, let normRecord {
                        normRecord.backward(dh, chunk, weight: gain, adding: nil, into: dx, sums: normSums[index])
                    } else if let sums = normSums[index] {
                        vk_column_sums(dh, Int64(chunk.count), Int64(width), Int64(width), sums)
                    }
                } else if let dx {
                    try packed.multiply(a, rows: chunk.count, into: dx.raw(at: chunk.lowerBound * width), format: xFormat)
                }
            }
            var results: [Tensor?] = [dx]
            if wanted.weight, let saved, let dz {
                let whole = range.count == weightShape[0] ? Tensor(uninitialized: weightShape) : Tensor(zeros: weightShape)
                try engine.weightGradient(dz.reshaped([rows, out]), saved.reshaped([rows, width]), into: whole.rows(range))
                results.append(whole)
            } else {
                results.append(nil)
            }
            if hasBias { results.append(biasSums.total(at: range.lowerBound, of: weightShape[0])) }
            if hasResidual { results.append(dz?.inF32()) }
            if gain != nil { results.append(normSums.total()) }
            return results
        }
    }
}

extension Tensor {
    /// Sums of columns over some rows, added to `sums`.
    func addColumnSums(rows: Range<Int>, to sums: UnsafeMutablePointer<Float>) {
        switch format {
        case .f32: vk_column_sums(pointer + rows.lowerBound * width, Int64(rows.count), Int64(width), Int64(width), sums)
        case .bf16: vk_column_sums_bf16(halfPointer + rows.lowerBound * width, Int64(rows.count), Int64(width), sums)
        }
    }
}
