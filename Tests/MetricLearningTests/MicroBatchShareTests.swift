import MetricLearning
import Testing

@Suite struct MicroBatchShareTests {
    @Test func everyMicroBatchBelongsToOneProcess() {
        for microBatches in 0...20 {
            for count in 1...8 {
                let shares = (0..<count).map { MicroBatchShare.range(of: microBatches, rank: $0, count: count) }
                #expect(shares.flatMap(Array.init) == Array(0..<microBatches))
                let sizes = shares.map(\.count)
                #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
                #expect(microBatches == 0 || sizes[0] > 0)
            }
        }
    }

    @Test func theFirstMicroBatchIsWhatIsLeftOver() {
        #expect(MicroBatchShare.microBatches(of: 20, size: 8) == [0..<4, 4..<12, 12..<20])
        #expect(MicroBatchShare.microBatches(of: 8, size: 8) == [0..<8])
        #expect(MicroBatchShare.microBatches(of: 0, size: 8).isEmpty)
    }
}
