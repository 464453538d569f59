internal import MetricLearning
internal import TensorEngine

extension OptimizerSpecification {
    func optimizer(for model: MetricModel, engine: Engine) throws -> Optimizer {
        let rule: OptimizerRule = switch kind {
        case .sgd: .sgd(momentum: Float(momentum), nesterov: nesterov)
        case .adam: .adam(beta1: betas[0], beta2: betas[1], epsilon: epsilon)
        case .adamw: .adamW(beta1: betas[0], beta2: betas[1], epsilon: epsilon)
        }
        let groups = model.parameterGroups(rate: rate, headRate: headRate, proxyRate: proxyRate, weightDecay: weightDecay)
        return try Optimizer(rule, groups: groups, engine: engine)
    }

    var gradientClipping: GradientClipping? {
        switch clipping {
        case .norm(let bound)?: .norm(Float(bound))
        case .value(let bound)?: .value(Float(bound))
        case nil: nil
        }
    }
}

extension ScheduleSpecification {
    /// The rate of a base rate in an epoch.
    /// - Parameter length: epochs of the training, which the curve has where nothing else was said.
    func rate(length: Int) throws -> (_ base: Double, _ epoch: Int) throws -> Double {
        try validate()
        let span = Double(self.length(training: length))
        return { base, epoch in
            let shape: LearningRateSchedule.Shape = switch kind {
            case .constant: .constant
            case .cosine: .cosine(epochs: span, minimum: minimum)
            case .step: .step(epochs: every, factor: gamma)
            case .multistep: .multistep(at: milestones, factor: gamma)
            // torch's factor is relative; here both rates end at the same one.
            case .linear: .linear(epochs: span, factor: base > 0 ? minimum / base : 1)
            }
            return try LearningRateSchedule(shape, warmup: warmup).rate(base: base, epoch: Double(epoch))
        }
    }
}
