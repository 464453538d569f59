import MetricLearning
import TensorEngine
import Testing

@Suite struct GradientClippingTests {
    private func parameters(_ gradients: [[Float]?]) throws -> [Parameter] {
        try gradients.enumerated().map { index, values in
            let parameter = Parameter(name: "\(index)", value: Tensor(zeros: [2]), isTrainable: true)
            parameter.gradient = try values.map { try Tensor($0, shape: [2]) }
            return parameter
        }
    }

    @Test func normScalesAllTogether() throws {
        let some = try parameters([[3, 4], nil, [0, 12]])
        #expect(GradientClipping.norm(2).apply(to: some) == 13)
        #expect(zip(some[0].gradient?.array() ?? [], [Float(0.4615384), 0.6153846]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs((some[2].gradient?.array()[1] ?? 0) - 1.8461537) < 1e-6)
        #expect(some[1].gradient == nil)
    }

    @Test func aSmallNormIsLeftAlone() throws {
        let some = try parameters([[3, 4]])
        GradientClipping.norm(100).apply(to: some)
        #expect(some[0].gradient?.array() == [3, 4])
    }

    @Test func valueHoldsEach() throws {
        let some = try parameters([[3, -4], [0.5, 1]])
        GradientClipping.value(1).apply(to: some)
        #expect(some.map { $0.gradient?.array() } == [[1, -1], [0.5, 1]])
    }

    /// Two parameters added to each other get one gradient tensor; it must be scaled once for each.
    @Test func sharedGradientsAreScaledOnce() throws {
        let some = try parameters([[3, 4], nil])
        some[1].gradient = some[0].gradient
        GradientClipping.value(2).apply(to: some)
        GradientClipping.norm(1).apply(to: some)
        #expect(some[0].gradient?.array() == some[1].gradient?.array())
        #expect(abs((some[0].gradient?.array()[0] ?? 0) - 0.5) < 1e-6)
    }
}
