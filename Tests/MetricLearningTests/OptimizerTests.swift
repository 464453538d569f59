import MetricLearning
import TensorEngine
import Testing

/// Against what torch 2.15's optimisers made of the same value and three gradients.
@Suite struct OptimizerTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    private static let start: [Float] = [0.5, -1.25, 2.0, 0.03125]
    private static let gradients: [[Float]] = [[0.1, -0.2, 0.3, 0.0], [-0.05, 0.4, 0.25, 1.0], [0.2, 0.1, -0.6, -0.5]]

    private func moved(_ rule: OptimizerRule, rate: Double, decay: Double) throws -> [Float] {
        let parameter = Parameter(name: "w", value: try Tensor(Self.start, shape: [4]), isTrainable: true)
        let optimizer = try Optimizer(rule, groups: [ParameterGroup([parameter], rate: rate, weightDecay: decay)], engine: engine)
        for gradient in Self.gradients {
            parameter.gradient = try Tensor(gradient, shape: [4])
            try optimizer.step()
        }
        return parameter.value.array()
    }

    private func close(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 } }

    @Test func sgd() throws {
        #expect(close(try moved(.sgd(momentum: 0, nesterov: false), rate: 0.1, decay: 0.01),
            [0.47351646423339844, -1.2762537002563477, 1.9990910291671753, -0.018743660300970078]))
        #expect(close(try moved(.sgd(momentum: 0.9, nesterov: false), rate: 0.1, decay: 0.01),
            [0.4596303701400757, -1.2748295068740845, 1.920128583908081, -0.10882515460252762]))
        #expect(close(try moved(.sgd(momentum: 0.9, nesterov: true), rate: 0.1, decay: 0.01),
            [0.4372273087501526, -1.2986376285552979, 1.9274088144302368, -0.14464005827903748]))
    }

    @Test func adam() throws {
        #expect(close(try moved(.adam(), rate: 0.1, decay: 0.01),
            [0.3008880615234375, -1.2207642793655396, 1.8080179691314697, -0.16594216227531433]))
    }

    @Test func adamW() throws {
        #expect(close(try moved(.adamW(), rate: 0.1, decay: 0.01),
            [0.306283175945282, -1.2245924472808838, 1.806969404220581, -0.06604695320129395]))
        #expect(close(try moved(.adamW(beta1: 0.8, beta2: 0.95, epsilon: 1e-6), rate: 0.05, decay: 0.1),
            [0.39827248454093933, -1.2253650426864624, 1.8816643953323364, -0.017290104180574417]))
    }

    @Test func groupsHaveTheirOwnRateAndAScheduleScalesBoth() throws {
        let a = Parameter(name: "a", value: Tensor(zeros: [2]), isTrainable: true)
        let b = Parameter(name: "b", value: Tensor(zeros: [2]), isTrainable: true)
        let optimizer = try Optimizer(
            .sgd(momentum: 0, nesterov: false), groups: [ParameterGroup([a], rate: 1), ParameterGroup([b], rate: 10)], engine: engine)
        (a.gradient, b.gradient) = (try Tensor([1, 2], shape: [2]), try Tensor([1, 2], shape: [2]))
        try optimizer.step { $0 * 0.5 }
        #expect(a.value.array() == [-0.5, -1])
        #expect(b.value.array() == [-5, -10])
        optimizer.clearGradients()
        try optimizer.step()
        #expect(a.value.array() == [-0.5, -1])
    }

    /// Steps with a state that was stored and restored in between give the same bytes; so do other thread counts.
    @Test(arguments: [OptimizerRule.sgd(momentum: 0.9, nesterov: true), .adamW()])
    func aRestoredStateContinuesExactly(rule: OptimizerRule) throws {
        func run(interrupted: Bool, threads: Int) throws -> [Float] {
            let engine = try Engine(threads: threads)
            let parameter = Parameter(name: "w", value: noise([70_001], "w"), isTrainable: true)
            let group = ParameterGroup([parameter], rate: 0.01, weightDecay: 0.01)
            var optimizer = try Optimizer(rule, groups: [group], engine: engine)
            for step in 0..<4 {
                if interrupted, step == 2 {
                    let state = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.value.copy()) })
                    optimizer = try Optimizer(rule, groups: [group], engine: engine)
                    try optimizer.restore(state)
                }
                parameter.gradient = noise([70_001], "gradient \(step)")
                try optimizer.step()
            }
            return parameter.value.array()
        }
        let straight = try run(interrupted: false, threads: 1)
        #expect(try run(interrupted: true, threads: 1) == straight)
        #expect(try run(interrupted: false, threads: 2) == straight)
    }

    @Test func aStateOfAnotherModelIsRefused() throws {
        let parameter = Parameter(name: "w", value: Tensor(zeros: [3]), isTrainable: true)
        let optimizer = try Optimizer(.adamW(), groups: [ParameterGroup([parameter], rate: 0.1)], engine: engine)
        let steps = try Tensor([2], shape: [1])
        #expect(throws: MetricLearningError("the checkpoint has steps of `w` but no tensor `optimizer.first.w`")) {
            try optimizer.restore(["optimizer.steps.w": steps])
        }
        #expect(throws: MetricLearningError("tensor `optimizer.first.w` has shape [4]; expected [3]")) {
            try optimizer.restore(["optimizer.steps.w": steps, "optimizer.first.w": Tensor(zeros: [4]), "optimizer.second.w": Tensor(zeros: [3])])
        }
        #expect(optimizer.state.isEmpty)
    }

    @Test func valuesOutOfRangeAreRefused() {
        #expect(throws: MetricLearningError("learning rate is -1.0; expected 0 or more")) {
            try Optimizer(.adam(), groups: [ParameterGroup([], rate: -1)], engine: engine)
        }
        #expect(throws: MetricLearningError.self) { try Optimizer(.adam(beta1: 1), groups: [], engine: engine) }
        #expect(throws: MetricLearningError.self) { try Optimizer(.sgd(momentum: 0, nesterov: true), groups: [], engine: engine) }
    }
}
