import RandomStreams
import TensorEngine
import Testing

func random(_ shape: [Int], _ name: String, scale: Float = 1) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: .testing, name: name)
    let tensor = Tensor(uninitialized: shape)
    for i in 0..<tensor.count { tensor.pointer[i] = Float(stream.normal()) * scale }
    return tensor
}

/// Compares the gradient of sum(weights * body(parameters)) with central differences, in every direction of a sample of coordinates.
func checkGradients(
    _ shapes: [[Int]], tolerance: Float = 2e-2, step: Float = 1e-2, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (Tape, [Variable]) throws -> Variable
) throws {
    let engine = try Engine(threads: 2)
    let parameters = shapes.enumerated().map { Parameter(name: "p\($0)", value: random($1, "p\($0)"), isTrainable: true) }
    func loss(_ tape: Tape) throws -> Variable {
        let result = try body(tape, parameters.map { tape.parameter($0) })
        return try tape.sum(tape.multiply(result, tape.constant(random(result.shape, "weights"))))
    }
    let tape = Tape(engine: engine)
    try tape.backward(from: loss(tape))
    for parameter in parameters {
        let gradient = try #require(parameter.gradient, sourceLocation: sourceLocation)
        let largest = gradient.array().map(abs).max() ?? 0
        for i in stride(from: 0, to: parameter.value.count, by: max(1, parameter.value.count / 23)) {
            let original = parameter.value.pointer[i]
            var ends: [Float] = []
            for sign: Float in [1, -1] {
                parameter.value.pointer[i] = original + sign * step
                ends.append(try loss(Tape(engine: engine, recording: false)).value.array()[0])
            }
            parameter.value.pointer[i] = original
            let slope = (ends[0] - ends[1]) / (2 * step)
            #expect(abs(slope - gradient.pointer[i]) <= tolerance * max(largest, 1), "\(parameter.name)[\(i)]", sourceLocation: sourceLocation)
        }
    }
}
