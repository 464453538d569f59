import TensorEngine
import VectorKernels

/// Keeps gradients from being too large, as torch's `clip_grad_norm_` and `clip_grad_value_` do.
public enum GradientClipping: Codable, Equatable, Sendable {
    /// All gradients together are scaled down to this Euclidean norm, above 0.
    case norm(Float)
    /// Each value is held within plus and minus this, above 0.
    case value(Float)

    /// Replaces the gradients. The sum of squares is taken in the parameters' order, in parts of a fixed size.
    /// - Returns: the norm before clipping.
    @discardableResult
    public func apply(to parameters: [Parameter]) -> Float {
        var squares = 0.0
        for parameter in parameters {
            guard let gradient = parameter.gradient else { continue }
            squares += Self.sumOfSquares(gradient)
        }
        let norm = Float(squares.squareRoot())
        for parameter in parameters {
            guard let gradient = parameter.gradient else { continue }
            // A fresh tensor, because two parameters may share one gradient's storage.
            let clipped = gradient.copy()
            switch self {
            case .norm(let limit): vk_scale(clipped.pointer, min(1, limit / (norm + 1e-6)), Int64(clipped.count))
            case .value(let limit):
                for i in 0..<clipped.count { clipped.pointer[i] = min(max(clipped.pointer[i], -limit), limit) }
            }
            parameter.gradient = clipped
        }
        return norm
    }

    private static func sumOfSquares(_ tensor: Tensor) -> Double {
        var total = 0.0
        for start in stride(from: 0, to: tensor.count, by: 4096) {
            let part = tensor.pointer + start
            total += Double(vk_dot(part, part, Int64(min(4096, tensor.count - start))))
        }
        return total
    }
}
