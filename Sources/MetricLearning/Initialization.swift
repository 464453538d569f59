import Foundation
import RandomStreams
import TensorEngine

/// Initial values of tensors, in torch's definitions. A tensor's values are a function of the seed and its name.
public enum Initialization {
    /// Fans as torch counts them: for (a, b, rest...) fan in is b times the rest, fan out a times the rest.
    static func fans(_ shape: [Int]) -> (fanIn: Int, fanOut: Int) {
        guard shape.count >= 2 else { return (shape.first ?? 1, shape.first ?? 1) }
        let receptive = shape.dropFirst(2).reduce(1, *)
        return (shape[1] * receptive, shape[0] * receptive)
    }

    /// Uniform in +-sqrt(6 / (fan in + fan out)) (Glorot & Bengio 2010).
    public static func xavierUniform(_ shape: [Int], seed: UInt64, name: String, gain: Double = 1) -> Tensor {
        let (fanIn, fanOut) = fans(shape)
        let bound = gain * (6 / Double(fanIn + fanOut)).squareRoot()
        return filled(shape, seed, name) { Float($0.uniform(in: -bound...bound)) }
    }

    /// Uniform in +-1/sqrt(fan in): torch's `kaiming_uniform_` with a = sqrt 5 (He et al. 2015).
    public static func kaimingUniform(_ shape: [Int], seed: UInt64, name: String) -> Tensor {
        let bound = 1 / Double(max(fans(shape).fanIn, 1)).squareRoot()
        return filled(shape, seed, name) { Float($0.uniform(in: -bound...bound)) }
    }

    /// Normal with variance 2 / (fan in + fan out). `fansOf` is the shape that counts where the tensor is a part of it.
    public static func xavierNormal(_ shape: [Int], fansOf whole: [Int]? = nil, seed: UInt64, name: String) -> Tensor {
        let (fanIn, fanOut) = fans(whole ?? shape)
        let deviation = (2 / Double(fanIn + fanOut)).squareRoot()
        return filled(shape, seed, name) { Float($0.normal() * deviation) }
    }

    /// Row `row` of `xavierNormal(shape…)`, made without those before it.
    /// - Parameter count: numbers of a row
    static func xavierNormalRow(_ row: Int, count: Int, fansOf whole: [Int], seed: UInt64, name: String, into values: UnsafeMutablePointer<Float>) {
        let (fanIn, fanOut) = fans(whole)
        let deviation = (2 / Double(fanIn + fanOut)).squareRoot()
        var stream = RandomStream(seed: seed, purpose: .initialization, name: name)
        stream.skip(normals: row * count)
        for i in 0..<count { values[i] = Float(stream.normal() * deviation) }
    }

    /// Orthonormal rows, or columns where there are more rows than columns: Q of a Gaussian's QR decomposition with R's
    /// diagonal positive (Saxe et al. 2014). Gram-Schmidt, done twice against rounding.
    public static func orthogonal(rows: Int, columns: Int, seed: UInt64, name: String) -> Tensor {
        let (count, length) = (min(rows, columns), max(rows, columns))
        var stream = RandomStream(seed: seed, purpose: .initialization, name: name)
        var vectors: [[Double]] = []
        while vectors.count < count {
            var vector = (0..<length).map { _ in stream.normal() }
            for _ in 0..<2 {
                for earlier in vectors {
                    var along = 0.0
                    for i in 0..<length { along += vector[i] * earlier[i] }
                    for i in 0..<length { vector[i] -= along * earlier[i] }
                }
            }
            let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if norm > 1e-9 { vectors.append(vector.map { $0 / norm }) }
        }
        let result = Tensor(uninitialized: [rows, columns])
        for row in 0..<rows {
            for column in 0..<columns {
                result.pointer[row * columns + column] = Float(rows <= columns ? vectors[row][column] : vectors[column][row])
            }
        }
        return result
    }

    private static func filled(_ shape: [Int], _ seed: UInt64, _ name: String, _ next: (inout RandomStream) -> Float) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: .initialization, name: name)
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = next(&stream) }
        return tensor
    }

    static func constant(_ value: Float, _ shape: [Int]) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = value }
        return tensor
    }
}
