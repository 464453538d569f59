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
