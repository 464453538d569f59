import MetricLearning
import Testing

@Suite struct ClassBalancedSamplerTests {
    /// 10 classes of 7, 8, ... 16 items, interleaved, with labels that are not 0, 1, 2.
    private let labels = (0..<115).map { 3 * ($0 % 10) + 5 }

    @Test func aBatchHoldsDistinctClassesWithDistinctItems() throws {
        let sampler = try ClassBalancedSampler(labels: labels, batchSize: 12, perClass: 3)
        #expect(sampler.batchesPerEpoch == 9)
        for batch in sampler.batches(seed: 1, epoch: 0) {
            let classes = stride(from: 0, to: 12, by: 3).map { labels[batch[$0]] }
            #expect(Set(classes).count == 4)
            #expect(batch.indices.allSatisfy { labels[batch[$0]] == classes[$0 / 3] })
            #expect(Set(batch).count == 12)
        }
    }

    @Test func aClassWithFewerItemsRepeatsThem() throws {
        let sampler = try ClassBalancedSampler(labels: [0, 0, 0, 0, 1, 1], batchSize: 6, perClass: 3)
        let batch = sampler.batch(0, seed: 2, epoch: 0)
        #expect(batch.count { $0 >= 4 } == 3)
        #expect(Set(batch.filter { $0 < 4 }).count == 3)
    }

    @Test func aBatchIsAFunctionOfSeedEpochAndNumber() throws {
        let sampler = try ClassBalancedSampler(labels: labels, batchSize: 10, perClass: 2)
        let all = sampler.batches(seed: 7, epoch: 3)
        #expect(sampler.batch(5, seed: 7, epoch: 3) == all[5])
        #expect(Set(all).count == all.count)
        #expect(sampler.batches(seed: 7, epoch: 4) != all)
        #expect(sampler.batches(seed: 8, epoch: 3) != all)
    }

    @Test func everyClassAndItemComesUpEquallyOften() throws {
        let sampler = try ClassBalancedSampler(labels: labels, batchSize: 8, perClass: 2)
        var seen = [Int: Int]()
        var batches = 0
        for epoch in 0..<150 {
            for batch in sampler.batches(seed: 0, epoch: epoch) {
                batches += 1
                for place in stride(from: 0, to: 8, by: 2) { seen[labels[batch[place]], default: 0] += 1 }
            }
        }
        let expected = Double(batches) * 4 / 10
        #expect(seen.count == 10)
        #expect(seen.values.allSatisfy { abs(Double($0) - expected) < 0.1 * expected })
    }

    @Test(arguments: [
        (10, 3, "batch 10 is not a multiple of per-class 3; a batch of 9 or 12 would be"),
        (2, 3, "batch 2 is not a multiple of per-class 3; a batch of 3 would be"),
        (22, 2, "a batch of 22 with 2 per class needs 11 classes, but the training set has 10; use batch=20 or less, or a larger per-class"),
        (8, 0, "per-class is 0; expected 1 or more"),
        (0, 2, "batch is 0; expected 1 or more"),
        (130, 13, "batch 130 is larger than the training set of 115 images; an epoch would have no batch"),
    ])
    func sizesThatDoNotFitAreRefused(batch: Int, perClass: Int, message: String) {
        #expect(throws: MetricLearningError(message)) { try ClassBalancedSampler(labels: labels, batchSize: batch, perClass: perClass) }
    }
}
