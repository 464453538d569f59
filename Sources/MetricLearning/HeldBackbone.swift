import TensorEngine

/// Epochs in which only what stands on the backbone learns (the warm-up of Proxy-Anchor's program, Kim et al. 2020).
extension MetricModel {
    /// Heads, recurrence and proxies.
    private var aboveBackbone: [Parameter] {
        head.parameters + (proxies.map { [$0] } ?? []) + (semantic?.aboveBackbone ?? [])
    }

    /// Everything that learns inside the backbone: its own tensors, and prompts of every kind.
    public var trainableInsideBackbone: [Parameter] {
        let above = Set(aboveBackbone.map { ObjectIdentifier($0) })
        return trainableParameters.filter { !above.contains(ObjectIdentifier($0)) }
    }

    /// Runs `body`, a step, and meanwhile holds everything inside the backbone still: it gets no gradient, so an
    /// optimiser neither moves it nor counts the step for it, and the backward pass ends at the backbone's features.
    public func holdingBackbone<Result>(_ isHeld: Bool, _ body: () throws -> Result) rethrows -> Result {
        guard isHeld else { return try body() }
        let held = trainableInsideBackbone
        for parameter in held { parameter.isTrainable = false }
        defer { for parameter in held { parameter.isTrainable = true } }
        return try body()
    }
}
