import MetricLearning
import RandomStreams
import TensorEngine
import Testing

@Suite struct KMeansTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    @Test func iterationsEqualScikitLearn() throws {
        let (golden, known) = (try Golden("metric-cases"), try MetricCases.load().kmeans)
        let found = try KMeans(golden.tensor("kmeans.rows"), centers: golden.tensor("kmeans.start"), engine: engine)
        #expect(found.clusters == known.labels)
        #expect(abs(found.inertia / known.inertia - 1) < 1e-5)
    }

    /// Points 0, 1, 10, 11 on a line: from any start but one the two pairs are found, with inertia 4 x 1/4.
    @Test func findsTwoPairs() throws {
        let found = try KMeans(Tensor([0, 1, 10, 11], shape: [4, 1]), clusters: 2, seed: 1, restarts: 4, engine: engine)
        #expect(found.clusters[0] == found.clusters[1])
        #expect(found.clusters[2] == found.clusters[3])
        #expect(found.clusters[0] != found.clusters[2])
        #expect(found.inertia == 1)
        #expect(Set(found.centers.array()) == [0.5, 10.5])
    }

    /// From centres 0 and 0 all points go to the first, and the second is given the farthest of them.
    @Test func emptyClusterTakesTheFarthestRow() throws {
        let found = try KMeans(Tensor([0, 1, 9], shape: [3, 1]), centers: Tensor([0, 0], shape: [2, 1]), engine: engine)
        #expect(found.clusters == [0, 0, 1])
    }

    @Test func moreClustersThanDifferentRows() throws {
        let found = try KMeans(Tensor([2, 2, 2, 5], shape: [4, 1]), clusters: 4, seed: 0, engine: engine)
        #expect(found.inertia == 0)
        #expect(found.clusters[0] != found.clusters[3])
        #expect(try KMeans(Tensor([2, 3, 4, 5], shape: [4, 1]), clusters: 4, seed: 0, engine: engine).inertia == 0)
    }

    @Test func sameOnAnyNumberOfThreads() throws {
        let (one, three) = (try Engine(threads: 1), try Engine(threads: 3))
        func expectSame(_ a: KMeans, _ b: KMeans) {
            #expect(a.clusters == b.clusters)
            #expect(a.centers.array() == b.centers.array())
            #expect(a.inertia == b.inertia)
        }
        let x = noise([600, 12], "x")
        try expectSame(KMeans(x, clusters: 40, seed: 3, engine: one), KMeans(x, clusters: 40, seed: 3, engine: three))
        // Several blocks of rows and of centres.
        let (large, centers) = (noise([2100, 4], "x"), noise([1030, 4], "c"))
        try expectSame(KMeans(large, centers: centers, engine: one), KMeans(large, centers: centers, engine: three))
    }

    @Test func moreRestartsAreNeverWorse() throws {
        let x = noise([300, 4], "x")
        let few = try KMeans(x, clusters: 20, seed: 5, engine: engine)
        let more = try KMeans(x, clusters: 20, seed: 5, restarts: 6, engine: engine)
        #expect(more.inertia < few.inertia)
    }

    @Test func refusesWhatCannotBe() throws {
        let x = noise([10, 3], "x")
        #expect(throws: MetricLearningError("k-means was asked for 12 clusters of 10 points; expected 1 to 10")) {
            try KMeans(x, clusters: 12, seed: 0, engine: engine)
        }
        #expect(throws: MetricLearningError.self) { try KMeans(x, clusters: 0, seed: 0, engine: engine) }
        #expect(throws: MetricLearningError.self) { try KMeans(x, clusters: 2, seed: 0, restarts: 0, engine: engine) }
        let broken = x.copy()
        broken.pointer[4] = .infinity
        #expect(throws: MetricLearningError.self) { try KMeans(broken, clusters: 2, seed: 0, engine: engine) }
        struct Stop: Error {}
        #expect(throws: Stop.self) { try KMeans(x, clusters: 2, seed: 0, engine: engine, onProgress: { throw Stop() }) }
    }
}
