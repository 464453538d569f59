import Foundation

/// The learning rate as a function of the epoch, in torch's closed forms.
///
/// With warm-up the first `warmup` epochs rise linearly, (e + 1) / (warmup + 1) of the base rate in epoch e, and the
/// shape starts after them: torch's `SequentialLR` of `LinearLR(1 / (warmup + 1))` and the shape's scheduler.
public struct LearningRateSchedule: Codable, Equatable, Sendable {
    public enum Shape: Codable, Equatable, Sendable {
        case constant
        /// From the base rate to `minimum` over half a period of `epochs` (`CosineAnnealingLR`); it rises again after them.
        case cosine(epochs: Double, minimum: Double)
        /// Times `factor` after every `epochs` epochs (`StepLR`).
        case step(epochs: Int, factor: Double)
        /// Times `factor` at each of the epochs given (`MultiStepLR`).
        case multistep(at: [Int], factor: Double)
        /// From the base rate to `factor` times it over `epochs`, and constant then (`LinearLR`).
        case linear(epochs: Double, factor: Double)
    }

    public let shape: Shape
    /// Epochs of linear warm-up, 0 or more.
    public let warmup: Int

    /// - Throws: `MetricLearningError` naming the value that is out of range.
    public init(_ shape: Shape, warmup: Int = 0) throws {
        guard warmup >= 0 else { throw MetricLearningError("warm-up is \(warmup) epochs; expected 0 or more") }
        switch shape {
        case .constant: break
        case .cosine(let epochs, let minimum):
            guard epochs > 0 else { throw MetricLearningError("cosine schedule over \(epochs) epochs; expected more than 0") }
            guard minimum >= 0 else { throw MetricLearningError("cosine schedule down to a rate of \(minimum); expected 0 or more") }
        case .step(let epochs, let factor):
            guard epochs > 0 else { throw MetricLearningError("step schedule every \(epochs) epochs; expected 1 or more") }
            try Self.check(factor)
        case .multistep(let milestones, let factor):
            guard milestones.allSatisfy({ $0 >= 0 }) else { throw MetricLearningError("multistep schedule at epochs \(milestones); expected none below 0") }
            try Self.check(factor)
        case .linear(let epochs, let factor):
            guard epochs > 0 else { throw MetricLearningError("linear schedule over \(epochs) epochs; expected more than 0") }
            try Self.check(factor)
        }
        self.shape = shape
        self.warmup = warmup
    }

    private static func check(_ factor: Double) throws {
        guard factor >= 0, factor.isFinite else { throw MetricLearningError("schedule factor is \(factor); expected 0 or more") }
    }

    /// - Parameters:
    ///   - base: the rate that the schedule scales
    ///   - epoch: epochs done before this one, 0 or more; a fraction for schedules that move with every step
    public func rate(base: Double, epoch: Double) -> Double {
        if epoch < Double(warmup) { return base * (epoch + 1) / Double(warmup + 1) }
        let epoch = epoch - Double(warmup)
        switch shape {
        case .constant: return base
        case .cosine(let epochs, let minimum): return minimum + (base - minimum) * (1 + cos(.pi * epoch / epochs)) / 2
        case .step(let epochs, let factor): return base * pow(factor, (epoch / Double(epochs)).rounded(.down))
        case .multistep(let milestones, let factor): return base * pow(factor, Double(milestones.count { Double($0) <= epoch }))
        case .linear(let epochs, let factor): return base * (1 + (factor - 1) * min(epoch, epochs) / epochs)
        }
    }
}
