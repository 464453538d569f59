import RandomStreams
import TensorEngine

extension Tape {
    /// Each value becomes zero with probability `rate`, and the others grow by 1 / (1 - rate), so that their mean stays
    /// (Srivastava et al. 2014, in the form that needs nothing at evaluation).
    ///
    /// - Parameters:
    ///   - x: any shape; values are drawn for in their order
    ///   - rate: 0 up to below 1
    ///   - stream: of the batch
    package func dropout(_ x: Variable, rate: Float, stream: inout RandomStream) throws -> Variable {
        let mask = Tensor(uninitialized: x.shape)
        let kept = 1 / (1 - rate)
        for i in 0..<mask.count { mask.pointer[i] = stream.uniform() < Double(rate) ? 0 : kept }
        return try multiply(x, constant(mask))
    }
}
