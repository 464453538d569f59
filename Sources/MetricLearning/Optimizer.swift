import Foundation
import TensorEngine
import VectorKernels

/// How a gradient moves a value; torch's arithmetic for each.
public enum OptimizerRule: Codable, Equatable, Sendable {
    /// Stochastic gradient descent; decay is added to the gradient. The first momentum is the gradient itself.
    case sgd(momentum: Float, nesterov: Bool)
    /// Adam (Kingma & Ba 2015); decay is added to the gradient.
    case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    /// AdamW (Loshchilov & Hutter 2019); decay shrinks the value itself.
    case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

    /// - Throws: `MetricLearningError` naming the value that is out of range.
    func check() throws {
        switch self {
        case .sgd(let momentum, let nesterov):
            guard momentum >= 0, momentum.isFinite else { throw MetricLearningError("momentum is \(momentum); expected 0 or more") }
            guard !nesterov || momentum > 0 else { throw MetricLearningError("Nesterov's step needs a momentum above 0") }
        case .adam(let beta1, let beta2, let epsilon), .adamW(let beta1, let beta2, let epsilon):
            guard 0..<1 ~= beta1, 0..<1 ~= beta2 else { throw MetricLearningError("betas are \(beta1) and \(beta2); expected 0 up to below 1") }
            guard epsilon >= 0 else { throw MetricLearningError("epsilon is \(epsilon); expected 0 or more") }
        }
    }
}

extension OptimizerRule {
    /// What is remembered of each value.
    public var momentNames: [String] {
        switch self {
        case .sgd(let momentum, _): momentum == 0 ? [] : ["momentum"]
        case .adam, .adamW: ["first", "second"]
        }
    }

    /// Moves `count` values by their gradients.
    /// - Parameters:
    ///   - moments: one for each of `momentNames`
    ///   - done: steps that these values have taken before
    func move(
        _ value: UnsafeMutablePointer<Float>, by slope: UnsafeMutablePointer<Float>, moments: [UnsafeMutablePointer<Float>], count: Int, done: Int,
        rate: Double, decay: Double
    ) {
        switch self {
        case .sgd(let momentum, let nesterov):
            vk_sgd(
                value, slope, moments.first, done == 0 ? 1 : 0, Float(rate), momentum, Float(decay), nesterov ? 1 : 0, Int64(count))
        case .adam(let beta1, let beta2, let epsilon):
            Self.adam(value, slope, moments, count, done + 1, beta1, beta2, epsilon, rate, coupled: decay, scale: 1)
        case .adamW(let beta1, let beta2, let epsilon):
            Self.adam(value, slope, moments, count, done + 1, beta1, beta2, epsilon, rate, coupled: 0, scale: 1 - rate * decay)
        }
    }

    private static func adam(
        _ value: UnsafeMutablePointer<Float>, _ slope: UnsafeMutablePointer<Float>, _ moments: [UnsafeMutablePointer<Float>], _ count: Int,
        _ step: Int, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ rate: Double, coupled: Double, scale: Double
    ) {
        let (m, v) = (moments[0], moments[1])
        // What torch computes in double and rounds once: 1 - 0.999 in f32 would be off by 5e-5 of itself.
        let (size, root) = (Float(rate / (1 - pow(beta1, Double(step)))), Float((1 - pow(beta2, Double(step))).squareRoot()))
        let (keep, rest) = (Float(beta2), Float(1 - beta2))
        let (toward, epsilon, coupled, scale) = (Float(1 - beta1), Float(epsilon), Float(coupled), Float(scale))
        for i in 0..<count {
            let w = value[i] * scale
            let g = slope[i] + coupled * w
            m[i] += toward * (g - m[i])
            v[i] = keep * v[i] + rest * g * g
            value[i] = w - size * m[i] / (v[i].squareRoot() / root + epsilon)
        }
    }
}

/// Parameters that share a rate and a weight decay.
public struct ParameterGroup {
    public let parameters: [Parameter]
    /// Class prompts of which a step moves the batch's alone.
    public let rows: ClassPromptRows?
    /// The rate before any schedule.
    public let baseRate: Double
    public let weightDecay: Double

    public init(_ parameters: [Parameter], rows: ClassPromptRows? = nil, rate: Double, weightDecay: Double = 0) {
        self.parameters = parameters
        self.rows = rows
        baseRate = rate
        self.weightDecay = weightDecay
    }
}

/// Moves the parameters of its groups by their gradients, and holds what it remembers of earlier steps as named tensors.
public final class Optimizer {
    public let rule: OptimizerRule
    public let groups: [ParameterGroup]
    private let engine: Engine
    /// What is remembered of each parameter, by its name: momentum, or first and second moment; and its steps.
    private var moments: [String: [Tensor]] = [:]
    private var steps: [String: Int] = [:]

    /// - Throws: `MetricLearningError` when a rate, decay or constant is out of range, or two parameters share a name.
    public init(_ rule: OptimizerRule, groups: [ParameterGroup], engine: Engine) throws {
        try rule.check()
        var names = Set<String>()
        for group in groups {
            guard group.baseRate >= 0, group.baseRate.isFinite else { throw MetricLearningError("learning rate is \(group.baseRate); expected 0 or more") }
            guard group.weightDecay >= 0, group.weightDecay.isFinite else { throw MetricLearningError("weight decay is \(group.weightDecay); expected 0 or more") }
            for parameter in group.parameters where !names.insert(parameter.name).inserted {
                throw MetricLearningError("parameter `\(parameter.name)` is in two places of the optimiser")
            }
        }
        self.rule = rule
        self.groups = groups
        self.engine = engine
    }

    /// One step; parameters without a gradient stay, and so do their steps. Gradients are left as they are.
    ///
    /// - Parameter rate: the rate of a group from its base rate (a schedule at this epoch).
    public func step(rate: (Double) -> Double = { $0 }) throws {
        for group in groups {
            let rate = rate(group.baseRate)
            for parameter in group.parameters {
                guard let gradient = parameter.gradient else { continue }
                guard gradient.count == parameter.value.count else {
                    throw MetricLearningError("the gradient of `\(parameter.name)` has shape \(gradient.shape); its value has \(parameter.value.shape)")
                }
                move(parameter, by: gradient, rate: rate, decay: group.weightDecay)
            }
            try group.rows?.move(rule, rate: rate, decay: group.weightDecay, engine: engine)
        }
    }

    public func clearGradients() {
        for group in groups {
            for parameter in group.parameters { parameter.gradient = nil }
            group.rows?.clearGradients()
        }
    }

    private func move(_ parameter: Parameter, by gradient: Tensor, rate: Double, decay: Double) {
        let name = parameter.name
        let done = steps[name, default: 0]
        steps[name] = done + 1
        let kept = moments[name] ?? remembered(parameter.value.shape)
        moments[name] = kept
        let (value, slope, memory) = (parameter.value.pointer, gradient.pointer, kept.map(\.pointer))
        inParts(gradient.count) { start, length in
            rule.move(value + start, by: slope + start, moments: memory.map { $0 + start }, count: length, done: done, rate: rate, decay: decay)
        }
        parameter.value.valuesChanged()
    }

    private func remembered(_ shape: [Int]) -> [Tensor] { rule.momentNames.map { _ in Tensor(zeros: shape) } }

    /// Element-wise work in parts of a fixed size, so that threads change nothing.
    private func inParts(_ count: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
        let size = 1 << 16
        engine.pool.run((count + size - 1) / size) { part in body(part * size, min(size, count - part * size)) }
    }
}

extension Optimizer {
    /// Everything remembered, for a checkpoint: `optimizer.<moment>.<parameter>` and, one element, `optimizer.steps.<parameter>`.
    public var state: [(name: String, value: Tensor)] {
        groups.flatMap(\.parameters).flatMap { parameter -> [(name: String, value: Tensor)] in
            guard let done = steps[parameter.name], let kept = moments[parameter.name] else { return [] }
            return [("optimizer.steps." + parameter.name, Initialization.constant(Float(done), [1]))]
                + zip(rule.momentNames, kept).map { ("optimizer.\($0).\(parameter.name)", $1) }
        }
    }

    /// Takes up a state that `state` gave.
    /// - Throws: `MetricLearningError` when a tensor is missing or has another shape; then nothing has changed.
    public func restore(_ tensors: [String: Tensor]) throws {
        var (newMoments, newSteps): ([String: [Tensor]], [String: Int]) = ([:], [:])
        for parameter in groups.flatMap(\.parameters) {
            let name = parameter.name
            guard let done = tensors["optimizer.steps." + name] else { continue }
            guard done.count == 1, let count = Int(exactly: done.pointer[0]), count >= 0 else {
                throw MetricLearningError("tensor `optimizer.steps.\(name)` is not one whole number")
            }
            newSteps[name] = count
            newMoments[name] = try rule.momentNames.map { moment in
                let key = "optimizer.\(moment).\(name)"
                guard let value = tensors[key] else { throw MetricLearningError("the checkpoint has steps of `\(name)` but no tensor `\(key)`") }
                guard value.shape == parameter.value.shape else {
                    throw MetricLearningError("tensor `\(key)` has shape \(value.shape); expected \(parameter.value.shape)")
                }
                return value.copy()
            }
        }
        (moments, steps) = (newMoments, newSteps)
    }
}
