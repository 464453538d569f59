import MetricLearning
import TensorEngine
import Testing

@Suite struct PairedComparisonTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    @Test func exactTestEqualsScipy() throws {
        for known in try MetricCases.load().mcnemar {
            #expect(abs(PairedComparison.exactMcNemar(known.first, known.second) / known.p - 1) < 1e-9)
        }
    }

    @Test func quantilesEqualNumpy() throws {
        let known = try MetricCases.load().quantile
        for (share, value) in zip(known.at, known.expected) {
            #expect(abs(Bootstrap.quantile(share, of: known.values.sorted()) - value) < 1e-12)
        }
        #expect(Bootstrap.quantile(0.5, of: [3]) == 3)
    }

    /// Ranks of first hits; at K = 2 the first finds queries 0, 1, 3, the second 0, 2, 3, 5; query 4 does not count.
    @Test func countsByHand() throws {
        let found = try PairedComparison(
            first: [1, 2, 3, 1, -1, 0], second: [2, 4, 1, 1, -1, 2], k: 2, confidence: 0.9, seed: 0, engine: engine)
        #expect(found.queries == 5)
        #expect((found.first, found.second) == (0.6, 0.8))
        #expect((found.onlyFirst, found.onlySecond) == (1, 2))
        #expect(abs(found.difference - 0.2) < 1e-15)
        #expect(found.pValue == 1)
        #expect(found.lower <= 0.2 && found.upper >= 0.2)
    }

    @Test func intervalIsThatOfTheNormalLaw() throws {
        // 400 queries, 40 and 20 discordant: standard error of the difference sqrt(60 - 20²/400) / 400.
        let first = (0..<400).map { $0 < 40 ? 1 : $0 < 60 ? 0 : $0 % 2 }
        let second = (0..<400).map { $0 < 40 ? 0 : $0 < 60 ? 1 : $0 % 2 }
        let found = try PairedComparison(first: first, second: second, k: 1, confidence: 0.95, seed: 1, engine: engine)
        #expect(abs(found.difference + 0.05) < 1e-15)
        let error = (60.0 - 1).squareRoot() / 400
        #expect(abs(found.lower - (-0.05 - 1.96 * error)) < 0.006)
        #expect(abs(found.upper - (-0.05 + 1.96 * error)) < 0.006)
        let hits = (0..<400).map { $0 < 300 ? 1 : 5 }
        let intervals = Bootstrap.recall(firstHits: hits, ks: [1, 4, 5], confidence: 0.95, seed: 1, engine: engine)
        #expect(abs(intervals[0].lowerBound - (0.75 - 1.96 * 0.02165)) < 0.006)
        #expect(abs(intervals[0].upperBound - (0.75 + 1.96 * 0.02165)) < 0.006)
        #expect(intervals[1] == intervals[0])
        #expect(intervals[2] == 1...1)
    }

    @Test func sameOnAnyNumberOfThreads() throws {
        let hits = (0..<500).map { $0 * 7 % 5 }
        let one = Bootstrap.recall(firstHits: hits, ks: [1, 3], confidence: 0.9, seed: 4, engine: try Engine(threads: 1))
        #expect(Bootstrap.recall(firstHits: hits, ks: [1, 3], confidence: 0.9, seed: 4, engine: try Engine(threads: 3)) == one)
        #expect(Bootstrap.recall(firstHits: hits, ks: [1, 3], confidence: 0.9, seed: 5, engine: engine) != one)
    }

    @Test func refusesOtherQueries() {
        #expect(throws: MetricLearningError.self) {
            try PairedComparison(first: [1], second: [1, 2], k: 1, confidence: 0.9, seed: 0, engine: engine)
        }
        #expect(throws: MetricLearningError.self) {
            try PairedComparison(first: [1, -1], second: [1, 2], k: 1, confidence: 0.9, seed: 0, engine: engine)
        }
        #expect(throws: MetricLearningError.self) {
            try PairedComparison(first: [-1], second: [-1], k: 1, confidence: 0.9, seed: 0, engine: engine)
        }
    }
}
