import MetricLearning
import Testing

/// Against the rates that torch 2.15's schedulers gave over eight epochs from 0.1.
@Suite struct LearningRateScheduleTests {
    private func expect(_ shape: LearningRateSchedule.Shape, warmup: Int = 0, _ rates: [Double], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let schedule = try LearningRateSchedule(shape, warmup: warmup)
        for (epoch, rate) in rates.enumerated() {
            let found = schedule.rate(base: 0.1, epoch: Double(epoch))
            #expect(abs(found - rate) < 1e-11, "epoch \(epoch): \(found), torch \(rate)", sourceLocation: sourceLocation)
        }
    }

    @Test func constant() throws { try expect(.constant, [0.1, 0.1, 0.1]) }

    @Test func cosine() throws {
        try expect(.cosine(epochs: 5, minimum: 0.001), [
            0.1, 0.090546341222, 0.065796341222, 0.035203658778, 0.010453658778, 0.001, 0.010453658778, 0.035203658778,
        ])
    }

    /// `CosineAnnealingLR` of the recipes of method section 8 at some of their epochs: the rate, and that of the proxies.
    /// In the last one training goes on after the period, and the rate rises.
    @Test(arguments: [
        (5e-3, 0.1, 50, 1e-8, [0: (0.005, 0.1), 1: (0.0049950668309370365, 0.09990133643127994), 14: (0.004093561787251775, 0.08187120130031453)]),
        (5e-4, 0.01, 50, 1e-6, [25: (0.0002505, 0.0050005), 49: (1.4923312571462456e-06, 1.086537122285634e-05)]),
        (1e-4, 0.05, 120, 5e-5, [1: (9.999143312438893e-05, 0.04999144169126454), 119: (5.000856687561107e-05, 5.855830873545744e-05)]),
        (1e-4, 0.05, 100, 5e-6, [40: (6.717830723281e-05, 0.03272715231688776), 79: (1.4967636912154715e-05, 0.0052506000781386815)]),
        (5e-3, 0.1, 10, 1e-4, [10: (0.0001, 0.0001), 13: (0.0011099261318834454, 0.020690126647991056), 15: (0.00255, 0.05005)]),
    ] as [(Double, Double, Double, Double, [Int: (Double, Double)])])
    func cosineOfTheRecipes(_ rate: Double, _ proxyRate: Double, _ period: Double, _ minimum: Double, _ expected: [Int: (Double, Double)]) throws {
        let schedule = try LearningRateSchedule(.cosine(epochs: period, minimum: minimum))
        for (epoch, rates) in expected {
            #expect(abs(schedule.rate(base: rate, epoch: Double(epoch)) / rates.0 - 1) < 1e-10)
            #expect(abs(schedule.rate(base: proxyRate, epoch: Double(epoch)) / rates.1 - 1) < 1e-10)
        }
    }

    @Test func step() throws { try expect(.step(epochs: 3, factor: 0.5), [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]) }
    @Test func multistep() throws { try expect(.multistep(at: [2, 5], factor: 0.1), [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]) }
    @Test func linear() throws { try expect(.linear(epochs: 4, factor: 0.2), [0.1, 0.08, 0.06, 0.04, 0.02, 0.02, 0.02, 0.02]) }

    @Test func warmupThenShape() throws {
        try expect(.cosine(epochs: 5, minimum: 0.001), warmup: 3, [
            0.025, 0.05, 0.075, 0.1, 0.090546341222, 0.065796341222, 0.035203658778, 0.010453658778,
        ])
    }

    @Test func valuesOutOfRangeAreRefused() {
        #expect(throws: MetricLearningError("cosine schedule over 0.0 epochs; expected more than 0")) {
            try LearningRateSchedule(.cosine(epochs: 0, minimum: 0))
        }
        #expect(throws: MetricLearningError.self) { try LearningRateSchedule(.step(epochs: 0, factor: 0.1)) }
        #expect(throws: MetricLearningError.self) { try LearningRateSchedule(.linear(epochs: 3, factor: -1)) }
        #expect(throws: MetricLearningError.self) { try LearningRateSchedule(.multistep(at: [-1], factor: 0.1)) }
        #expect(throws: MetricLearningError.self) { try LearningRateSchedule(.constant, warmup: -1) }
    }
}
