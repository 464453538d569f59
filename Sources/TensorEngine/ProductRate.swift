extension Engine {
    /// Multiplications and additions a second of a product with a frozen weight, as a network runs it, on all workers: the
    /// best of several, since nothing but other work makes one slower.
    /// - Parameters:
    ///   - rows: of activations, 1 or more
    ///   - seconds: to measure for, after one product that is not counted
    public func productRate(rows: Int, inputs: Int, outputs: Int, seconds: Double) throws -> Double {
        let tape = Tape(engine: self, recording: false)
        let x = tape.constant(Self.filled([rows, inputs]))
        let weight = tape.parameter(Parameter(name: "weight", value: Self.filled([outputs, inputs])))
        _ = try tape.linear(x, weight: weight, bias: nil)
        let clock = ContinuousClock()
        let began = clock.now
        var (now, best) = (began, Double.infinity)
        repeat {
            let before = now
            _ = try tape.linear(x, weight: weight, bias: nil)
            now = clock.now
            best = min(best, (now - before) / .seconds(1))
        } while (now - began) / .seconds(1) < seconds
        return 2 * Double(rows) * Double(inputs) * Double(outputs) / max(best, 1e-9)
    }

    /// Values that no kernel finds easy: neither zero nor denormal.
    private static func filled(_ shape: [Int]) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        for i in 0..<tensor.count { tensor.pointer[i] = Float(i % 251) / 251 - 0.5 }
        return tensor
    }
}
