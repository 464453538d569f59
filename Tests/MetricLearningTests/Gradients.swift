import MetricLearning
import RandomStreams
import TensorEngine
import Testing

/// Normal values that depend on the name alone.
func noise(_ shape: [Int], _ name: String, scale: Float = 1) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: .testing, name: name)
    let tensor = Tensor(uninitialized: shape)
    for i in 0..<tensor.count { tensor.pointer[i] = Float(stream.normal()) * scale }
    return tensor
}

/// Value and gradients of a loss.
func evaluate(_ loss: any Loss, _ embeddings: Tensor, _ labels: [Int], _ proxies: Tensor? = nil, engine: Engine) throws
    -> (value: Float, embeddings: Tensor?, proxies: Tensor?)
{
    let tape = Tape(engine: engine)
    let e = Parameter(name: "embeddings", value: embeddings, isTrainable: true)
    let p = proxies.map { Parameter(name: "proxies", value: $0, isTrainable: true) }
    let value = try loss(embeddings: tape.parameter(e), labels: labels, proxies: p.map(tape.parameter), tape: tape)
    try tape.backward(from: value)
    return (value.value.array()[0], e.gradient, p?.gradient)
}

/// The gradient along random directions against central differences of the value.
func expectGradient(
    of loss: any Loss, _ embeddings: Tensor, _ labels: [Int], _ proxies: Tensor? = nil, step: Float = 2e-3, tolerance: Float = 2e-2,
    engine: Engine, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let found = try evaluate(loss, embeddings, labels, proxies, engine: engine)
    func moved(_ x: Tensor, _ direction: Tensor, _ by: Float) -> Tensor {
        let y = x.copy()
        for i in 0..<y.count { y.pointer[i] += by * direction.pointer[i] }
        return y
    }
    for trial in 0..<4 {
        for onProxies in proxies == nil ? [false] : [false, true] {
            let target = onProxies ? proxies ?? embeddings : embeddings
            let direction = noise(target.shape, "direction \(trial)")
            func value(_ by: Float) throws -> Float {
                let x = moved(target, direction, by)
                return try evaluate(loss, onProxies ? embeddings : x, labels, onProxies ? x : proxies, engine: engine).value
            }
            let numeric = try (value(step) - value(-step)) / (2 * step)
            let gradient = try #require(onProxies ? found.proxies : found.embeddings, sourceLocation: sourceLocation)
            let analytic = zip(gradient.array(), direction.array()).map(*).reduce(0, +)
            let scale = zip(gradient.array(), direction.array()).map { abs($0 * $1) }.reduce(0, +) + 1e-3
            #expect(abs(numeric - analytic) < tolerance * scale, "numeric \(numeric), analytic \(analytic)", sourceLocation: sourceLocation)
        }
    }
}
