extension Engine {
    /// Multiplications and additions a second of products with a frozen weight, as a network runs them, on all workers.
    /// - Parameters:
    ///   - rows: of activations, 1 or more
    ///   - seconds: to measure for, after one product that is not counted
    public func productRate(rows: Int, inputs: Int, outputs: Int, seconds: Double) throws -> Double {
        let tape = Tape(engine: self, recording: false)
        let x = tape.constant(Tensor(zeros: [rows, inputs]))
        let weight = tape.parameter(Parameter(name: "weight", value: Tensor(zeros: [outputs, inputs])))
        _ = try tape.linear(x, weight: weight, bias: nil)
        let clock = ContinuousClock()
        let began = clock.now
        var (products, passed) = (0.0, 0.0)
        while passed < seconds {
            _ = try tape.linear(x, weight: weight, bias: nil)
            products += 1
            passed = (clock.now - began) / .seconds(1)
        }
        return 2 * Double(rows) * Double(inputs) * Double(outputs) * products / max(passed, 1e-9)
    }
}
