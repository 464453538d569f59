import TensorEngine

/// Epochs in which only what stands on the backbone learns (the warm-up of Proxy-Anchor's program, Kim et al. 2020).
extension MetricModel {
    /// Heads, recurrence and proxies.
    private var aboveBackbone: [Parameter] {
        head.parameters + (proxies.map { [$0] } ?? []) + (semantic?.aboveBackbone ?? [])
    }

    /// Whether something inside the backbone learns: its own tensors, or prompts of any kind, in memory or not.
    public var learnsInsideBackbone: Bool { semantic?.rows != nil || !trainableInsideBackbone.isEmpty }

    /// The tensors of these that are in memory all the time.
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
        semantic?.rows?.isTrainable = false
        defer {
            for parameter in held { parameter.isTrainable = true }
            semantic?.rows?.isTrainable = true
        }
        return try body()
    }
}
