import VectorKernels

public enum Activation: Sendable {
    case none
    /// Exact GELU, x Phi(x).
    case gelu
    /// x sigma(1.702 x).
    case quickGELU

    fileprivate func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int64) {
        switch self {
        case .none: break
        case .gelu: vk_gelu(x, y, count)
        case .quickGELU: vk_quick_gelu(x, y, count)
        }
    }

    /// dL/dx of dL/dy at x; the result may stand where x stood.
    fileprivate func backward(_ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>, _ count: Int64) {
        switch self {
        case .none: break
        case .gelu: vk_gelu_backward(x, dy, dx, count)
        case .quickGELU: vk_quick_gelu_backward(x, dy, dx, count)
        }
    }
}

extension Tape {
    /// y = activation(x W^T + b + residual).
    ///
    /// - Parameters:
    ///   - x: (..., in)
    ///   - weight: (out, in), as in timm
    ///   - bias: (out)
    ///   - outputs: only these rows of the weight and bias; the result is as wide as the range
    ///   - residual: of the result's shape
    /// - Returns: (..., out)
    public func linear(
        _ x: Variable, weight: Variable, bias: Variable?, outputs: Range<Int>? = nil, activation: Activation = .none, residual: Variable? = nil
    ) throws -> Variable {
        let width = x.value.width
        guard weight.shape.count == 2, weight.shape[1] == width, x.shape.count >= 1 else {
            throw EngineError.shapes("linear", x.shape, weight.shape, expected: "(..., in) and (out, in)")
        }
        let range = outputs ?? 0..<weight.shape[0]
        guard bias == nil || bias?.value.count == weight.shape[0] else {
            throw EngineError.shapes("linear", weight.shape, bias?.shape ?? [], expected: "a bias as long as the weight has rows")
        }
        let w = try weight.value.rows(range)
        let out = range.count
        let rows = x.value.rowCount
        let shape = Array(x.shape.dropLast()) + [out]
        if let residual, residual.shape != shape {
            throw EngineError.shapes("linear", shape, residual.shape, expected: "a residual of the result's shape")
        }

        let y = Tensor(uninitialized: shape)
        let keepsInput = records(x, weight, bias, residual) && activation != .none
        let before = keepsInput ? Tensor(uninitialized: shape) : y
        let zeros = bias == nil && residual != nil ? Tensor(zeros: [out]) : nil
        do {
            let (xp, wp, yp, zp) = (x.value.pointer, w.pointer, y.pointer, before.pointer)
            let bp = (bias.map { $0.value.pointer + range.lowerBound }) ?? zeros?.pointer
            let rp = residual?.value.pointer
            engine.forRows(rows, work: 2 * width * out) { chunk in
                let start = chunk.lowerBound * out
                if let bp { vk_broadcast_row(zp + start, bp, rp.map { UnsafePointer($0 + start) }, Int64(chunk.count), Int64(out)) }
                Engine.product(
                    false, true, m: chunk.count, n: out, k: width, xp + chunk.lowerBound * width, width, wp, width,
                    beta: bp == nil ? 0 : 1, zp + start, out)
                activation.apply(zp + start, yp + start, Int64(chunk.count * out))
            }
        }

        var inputs = [x, weight]
        if let bias { inputs.append(bias) }
        if let residual { inputs.append(residual) }
        let wanted = (x: x.needsGradient, weight: weight.needsGradient, bias: bias?.needsGradient == true)
        let saved = weight.needsGradient ? x.value : nil
        let preactivation = keepsInput ? before : nil
        let engine = self.engine
        let (xShape, weightShape, hasBias, hasResidual) = (x.shape, weight.shape, bias != nil, residual != nil)
        return record(y, inputs: inputs) { gradient in
            // GELU's gradient overwrites the pre-activation, which nobody reads again.
            let dz = preactivation ?? gradient
            let dx = wanted.x ? Tensor(uninitialized: xShape) : nil
            let (gp, zp, wp, dxp) = (gradient.pointer, dz.pointer, w.pointer, dx?.pointer)
            if preactivation != nil || dxp != nil {
                engine.forRows(rows, work: 2 * width * out) { chunk in
                    let start = chunk.lowerBound * out
                    if preactivation != nil { activation.backward(zp + start, gp + start, zp + start, Int64(chunk.count * out)) }
                    if let dxp {
                        Engine.product(
                            false, false, m: chunk.count, n: width, k: out, zp + start, out, wp, width, beta: 0,
                            dxp + chunk.lowerBound * width, width)
                    }
                }
            }
            var results: [Tensor?] = [dx]
            if wanted.weight, let saved {
                let whole = range.count == weightShape[0] ? Tensor(uninitialized: weightShape) : Tensor(zeros: weightShape)
                try engine.multiply(
                    dz.reshaped([rows, out]), saved.reshaped([rows, width]), transposeA: true, into: whole.rows(range))
                results.append(whole)
            } else {
                results.append(nil)
            }
            if hasBias {
                if wanted.bias {
                    let sums = engine.columnSums(zp, rows: rows, width: out)
                    let whole = Tensor(zeros: [weightShape[0]])
                    vk_add(whole.pointer + range.lowerBound, sums.pointer, Int64(out))
                    results.append(whole)
                } else {
                    results.append(nil)
                }
            }
            if hasResidual { results.append(dz) }
            return results
        }
    }
}
