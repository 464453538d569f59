import Foundation
import VectorKernels

extension Tape {
    private func sameShape(_ operation: String, _ a: Variable, _ b: Variable) throws {
        guard a.shape == b.shape else { throw EngineError.shapes(operation, a.shape, b.shape, expected: "equal shapes") }
    }

    private func combined(_ a: Tensor, _ scaleA: Float, _ b: Tensor, _ scaleB: Float) -> Tensor {
        let result = Tensor(uninitialized: a.shape)
        let (ap, bp, rp) = (a.pointer, b.pointer, result.pointer)
        engine.forElements(a.count) { range in
            for i in range { rp[i] = scaleA * ap[i] + scaleB * bp[i] }
        }
        return result
    }

    private func mapped(_ x: Tensor, _ body: (Float) -> Float) -> Tensor {
        let result = Tensor(uninitialized: x.shape)
        let (xp, rp) = (x.pointer, result.pointer)
        engine.forElements(x.count) { range in
            for i in range { rp[i] = body(xp[i]) }
        }
        return result
    }

    private func product(_ a: Tensor, _ b: Tensor, _ body: (Float, Float) -> Float) -> Tensor {
        let result = Tensor(uninitialized: a.shape)
        let (ap, bp, rp) = (a.pointer, b.pointer, result.pointer)
        engine.forElements(a.count) { range in
            for i in range { rp[i] = body(ap[i], bp[i]) }
        }
        return result
    }

    /// a + scale b
    public func add(_ a: Variable, _ b: Variable, scale: Float = 1) throws -> Variable {
        try sameShape("add", a, b)
        return record(combined(a.value, 1, b.value, scale), inputs: [a, b]) { gradient in
            [gradient, scale == 1 || !b.needsGradient ? gradient : self.mapped(gradient) { $0 * scale }]
        }
    }

    public func subtract(_ a: Variable, _ b: Variable) throws -> Variable {
        try sameShape("subtract", a, b)
        return record(combined(a.value, 1, b.value, -1), inputs: [a, b]) { gradient in
            [gradient, b.needsGradient ? self.mapped(gradient) { -$0 } : nil]
        }
    }

    public func multiply(_ a: Variable, _ b: Variable) throws -> Variable {
        try sameShape("multiply", a, b)
        return record(product(a.value, b.value, *), inputs: [a, b]) { gradient in
            [
                a.needsGradient ? self.product(gradient, b.value, *) : nil,
                b.needsGradient ? self.product(gradient, a.value, *) : nil,
            ]
        }
    }

    public func scale(_ x: Variable, by factor: Float) -> Variable {
        record(mapped(x.value) { $0 * factor }, inputs: [x]) { [self.mapped($0) { $0 * factor }] }
    }

    /// 1 / (1 + exp(-x))
    public func sigmoid(_ x: Variable) -> Variable {
        let y = mapped(x.value) { 1 / (1 + expf(-$0)) }
        return record(y, inputs: [x]) { [self.product($0, y) { $0 * $1 * (1 - $1) }] }
    }

    public func tanh(_ x: Variable) -> Variable {
        let y = mapped(x.value) { tanhf($0) }
        return record(y, inputs: [x]) { [self.product($0, y) { $0 * (1 - $1 * $1) }] }
    }

    public func relu(_ x: Variable) -> Variable {
        let y = mapped(x.value) { max($0, 0) }
        return record(y, inputs: [x]) { [self.product($0, y) { $1 > 0 ? $0 : 0 }] }
    }

    /// The sum of all values, shape (1).
    public func sum(_ x: Variable) throws -> Variable {
        let shape = x.shape
        return try record(Tensor([vk_sum(x.value.pointer, Int64(x.value.count))], shape: [1]), inputs: [x]) { gradient in
            let dx = Tensor(uninitialized: shape)
            vk_fill(dx.pointer, gradient.pointer[0], Int64(dx.count))
            return [dx]
        }
    }
}
