import MetricLearning
import TensorEngine

/// How far f32 leaves open where Adam moves each number.
///
/// Adam divides a gradient by its own size, so a number whose gradient is next to nothing beside the tensor's others is
/// moved by a full step in a direction that rounding decides: with a gradient g known to within n, a move of the rate r is
/// known to within r n / |g|. Torch in f32 and in f64 differ by as much.
struct AdaptiveNoise {
    /// What is taken for n, as a share of the tensor's largest gradient: torch's f32 gradients are within a few times 1e-6.
    private static let share = 1e-5

    private var open: [String: [Double]] = [:]
    private let isAdaptive: Bool

    init(_ rule: OptimizerRule) {
        if case .sgd = rule { isAdaptive = false } else { isAdaptive = true }
    }

    /// Takes in the gradients of a step that is about to be made.
    mutating func add(_ groups: [ParameterGroup]) {
        guard isAdaptive else { return }
        for group in groups {
            for parameter in group.parameters {
                guard let gradient = parameter.gradient?.array() else { continue }
                let noise = Self.share * gradient.reduce(0) { max($0, abs(Double($1))) }
                var sums = open[parameter.name] ?? Array(repeating: 0, count: gradient.count)
                for index in sums.indices {
                    // At most from one full step to its opposite. Zero by zero is a number that is not moved at all.
                    let share = noise / abs(Double(gradient[index]))
                    sums[index] += group.baseRate * (share.isNaN ? 0 : min(2, share))
                }
                open[parameter.name] = sums
            }
        }
    }

    /// For each number of the parameter; nil when its moves are fully known.
    subscript(_ name: String) -> [Double]? { open[name] }
}
