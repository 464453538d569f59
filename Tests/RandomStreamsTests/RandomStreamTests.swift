import RandomStreams
import Testing

@Suite struct RandomStreamTests {
    @Test(arguments: [0, 1, 2, 7, 12, 1001]) func skippingIsDrawing(_ count: Int) {
        var (drawn, skipped) = (RandomStream(seed: 3, purpose: .testing), RandomStream(seed: 3, purpose: .testing))
        for _ in 0..<count { _ = drawn.normal() }
        skipped.skip(normals: count)
        for _ in 0..<5 { #expect(drawn.normal() == skipped.normal()) }
    }

    @Test func isAFunctionOfItsKeyAlone() {
        var first = RandomStream(seed: 7, purpose: .augmentation, epoch: 2, item: 5)
        var again = RandomStream(seed: 7, purpose: .augmentation, epoch: 2, item: 5)
        #expect((0..<32).map { _ in first.next() } == (0..<32).map { _ in again.next() })
        for other in [
            RandomStream(seed: 8, purpose: .augmentation, epoch: 2, item: 5),
            RandomStream(seed: 7, purpose: .sampling, epoch: 2, item: 5),
            RandomStream(seed: 7, purpose: .augmentation, epoch: 3, item: 5),
            RandomStream(seed: 7, purpose: .augmentation, epoch: 2, item: 6),
        ] {
            var other = other
            var mine = RandomStream(seed: 7, purpose: .augmentation, epoch: 2, item: 5)
            #expect(other.next() != mine.next())
        }
    }

    @Test func momentsOfUniformAndNormal() {
        var stream = RandomStream(seed: 1, purpose: .testing)
        let count = 100_000
        let uniforms = (0..<count).map { _ in stream.uniform() }
        #expect(uniforms.allSatisfy { 0 <= $0 && $0 < 1 })
        #expect(abs(uniforms.reduce(0, +) / Double(count) - 0.5) < 0.005)
        let normals = (0..<count).map { _ in stream.normal() }
        #expect(abs(normals.reduce(0, +) / Double(count)) < 0.02)
        #expect(abs(normals.map { $0 * $0 }.reduce(0, +) / Double(count) - 1) < 0.02)
    }

    @Test func permutationHoldsEveryIndexOnce() {
        var stream = RandomStream(seed: 3, purpose: .testing)
        #expect(stream.permutation(100).sorted() == Array(0..<100))
        #expect(stream.permutation(0).isEmpty)
        #expect(stream.permutation(-4).isEmpty)
    }

    @Test func belowStaysBelow() {
        var stream = RandomStream(seed: 3, purpose: .testing)
        var seen = Set<Int>()
        for _ in 0..<1000 { seen.insert(stream.below(7)) }
        #expect(seen == Set(0..<7))
        #expect(stream.below(0) == 0)
    }
}
