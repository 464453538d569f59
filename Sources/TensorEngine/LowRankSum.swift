import VectorKernels

/// A product of rank r that is added to some columns of a wider result: scale x hidden factor^T, the second half of a
/// low-rank update of a linear map (LoRA, Hu et al. 2022).
public struct LowRankTerm {
    /// (..., r)
    public let hidden: Variable
    /// (columns, r)
    public let factor: Variable
    /// The first of its columns.
    public let column: Int
    public let scale: Float

    public init(hidden: Variable, factor: Variable, column: Int, scale: Float) {
        (self.hidden, self.factor, self.column, self.scale) = (hidden, factor, column, scale)
    }
}

extension Tape {
    /// `base` with each term added to its columns, or the terms alone.
    ///
    /// The gradient of a factor is (columns, r): nothing of the size of the map that is updated is ever made.
    /// - Parameters:
    ///   - terms: one or more, over the same rows
    ///   - base: (..., width)
    /// - Returns: (..., width)
    public func lowRankSum(_ terms: [LowRankTerm], base: Variable? = nil, width: Int) throws -> Variable {
        guard let first = terms.first else { throw EngineError("low-rank sum", "there is no term") }
        let shape = Array(first.hidden.shape.dropLast()) + [width]
        let rows = first.hidden.value.rowCount
        if let base, base.shape != shape { throw EngineError.shapes("low-rank sum", base.shape, shape, expected: "a base of the result's shape") }
        for term in terms {
            let (hidden, factor) = (term.hidden.shape, term.factor.shape)
            guard factor.count == 2, hidden.count >= 1, hidden.last == factor[1], term.hidden.value.rowCount == rows, term.column >= 0,
                term.column <= width, factor[0] <= width - term.column
            else { throw EngineError.shapes("low-rank sum", hidden, factor, expected: "(..., r) and (columns, r), columns from \(term.column) within \(width)") }
        }
        let result = base.map { $0.value.copy() } ?? Tensor(zeros: shape)
        let engine = self.engine
        for term in terms {
            let (columns, rank) = (term.factor.shape[0], term.factor.shape[1])
            let (hp, fp, rp) = (term.hidden.value.pointer, term.factor.value.pointer, result.pointer + term.column)
            engine.forRows(rows, work: 2 * rank * columns) { chunk in
                Engine.product(
                    false, true, m: chunk.count, n: columns, k: rank, alpha: term.scale, hp + chunk.lowerBound * rank, rank, fp, rank, beta: 1,
                    rp + chunk.lowerBound * width, width)
            }
        }
        let inputs = (base.map { [$0] } ?? []) + terms.flatMap { [$0.hidden, $0.factor] }
        let hasBase = base != nil
        return record(result, inputs: inputs) { gradient in
            var slopes: [Tensor?] = hasBase ? [gradient] : []
            for term in terms {
                slopes.append(term.hidden.needsGradient ? term.hiddenSlope(gradient, width: width, engine: engine) : nil)
                slopes.append(term.factor.needsGradient ? term.factorSlope(gradient, width: width, engine: engine) : nil)
            }
            return slopes
        }
    }
}

extension LowRankTerm {
    /// scale x gradient factor, over this term's columns of the gradient.
    fileprivate func hiddenSlope(_ gradient: Tensor, width: Int, engine: Engine) -> Tensor {
        let (columns, rank) = (factor.shape[0], factor.shape[1])
        let slope = Tensor(uninitialized: hidden.shape)
        let (gp, fp, sp) = (gradient.pointer + column, factor.value.pointer, slope.pointer)
        engine.forRows(hidden.value.rowCount, work: 2 * rank * columns) { chunk in
            Engine.product(
                false, false, m: chunk.count, n: rank, k: columns, alpha: scale, gp + chunk.lowerBound * width, width, fp, rank, beta: 0,
                sp + chunk.lowerBound * rank, rank)
        }
        return slope
    }

    /// scale x gradient^T hidden, over this term's columns of the gradient.
    fileprivate func factorSlope(_ gradient: Tensor, width: Int, engine: Engine) -> Tensor {
        let (columns, rank) = (factor.shape[0], factor.shape[1])
        let rows = hidden.value.rowCount
        let slope = Tensor(uninitialized: [columns, rank])
        let (gp, hp, sp) = (gradient.pointer + column, hidden.value.pointer, slope.pointer)
        engine.forRows(columns, work: 2 * rank * rows) { chunk in
            Engine.product(
                true, false, m: chunk.count, n: rank, k: rows, alpha: scale, gp + chunk.lowerBound, width, hp, rank, beta: 0,
                sp + chunk.lowerBound * rank, rank)
        }
        return slope
    }
}
