import TensorEngine
import VisionTransformers

/// The most operations a second that this machine's matrix products reach: what a step is held against.
enum ProductRate {
    /// Of the product that gives a block's hidden layer, over the rows of sixteen images, repeated for a fifth of a second; the best
    /// repetition, since nothing but other work makes one slower.
    static func measured(_ network: ViTConfiguration, engine: Engine) throws -> Double {
        let rows = 16 * network.tokens
        let (a, b) = (filled([rows, network.dim]), filled([network.hidden, network.dim]))
        let c = Tensor(uninitialized: [rows, network.hidden])
        let timing = try Timing.of(seconds: 0.2) { try engine.multiply(a, b, transposeB: true, into: c) }
        return 2 * Double(rows) * Double(network.dim) * Double(network.hidden) / timing.least
    }

    /// Values that no kernel finds easy: neither zero nor denormal.
    static func filled(_ shape: [Int]) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = Float(i % 251) / 251 - 0.5 }
        return tensor
    }
}
