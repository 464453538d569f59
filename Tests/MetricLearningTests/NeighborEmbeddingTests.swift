import Foundation
import MetricLearning
import RandomStreams
import TensorEngine
import Testing

/// Principal components and t-SNE.
struct NeighborEmbeddingTests {
    /// `groups` clouds of `size` rows of 10 values around far points.
    private func clouds(_ groups: Int, _ size: Int) throws -> Tensor {
        var stream = RandomStream(seed: 4, purpose: .testing)
        let centers = (0..<groups).map { _ in (0..<10).map { _ in 6 * stream.normal() } }
        return try Tensor((0..<groups * size).flatMap { row in centers[row / size].map { Float($0 + stream.normal()) } }, shape: [groups * size, 10])
    }

    @Test func componentsOfRowsOnALine() throws {
        let engine = try Engine(threads: 1)
        // Along (3, 4) with a little across it: variances 25 * 2/3 * ... are in proportion to the squares of the steps.
        let rows = try Tensor([-3, -4, 0, 0, 3, 4, 0.4, -0.3, -0.4, 0.3].map { Float($0) }, shape: [5, 2])
        let found = try PrincipalComponents(rows, components: 2, engine: engine)
        #expect(abs(found.explained[0] - 50 / 50.5) < 1e-5 && abs(found.explained[1] - 0.5 / 50.5) < 1e-5)
        let first = (0..<5).map { found.places.pointer[2 * $0] }
        for (place, expected) in zip(first, [-5, 0, 5, 0, 0] as [Float]) { #expect(abs(place - expected) < 1e-4) }
    }

    @Test func groupsStayTogether() throws {
        let (groups, size) = (4, 20)
        let rows = try clouds(groups, size)
        let engine = try Engine(threads: 2)
        let start = try PrincipalComponents(rows, components: 2, engine: engine)
        let found = try NeighborEmbedding(rows, start: start.places, perplexity: 10, engine: engine)
        #expect(found.places.isFinite && found.perplexity == 10)
        let nearest = try NearestNeighbors(engine: engine, measure: .euclidean).search(queries: found.places, gallery: found.places, k: 5, leavingOut: true)
        let right = nearest.enumerated().map { row, found in found.count { $0.index / size == row / size } }.reduce(0, +)
        #expect(right == groups * size * 5)
    }

    @Test func theSameOnAnyNumberOfThreads() throws {
        let rows = try clouds(3, 17)
        let places = try [1, 2, 3].map { threads in
            let engine = try Engine(threads: threads)
            let start = try PrincipalComponents(rows, components: 2, engine: engine)
            return try NeighborEmbedding(rows, start: start.places, engine: engine).places.array()
        }
        #expect(places[0] == places[1] && places[1] == places[2])
    }

    @Test func equalRowsAndFewRows() throws {
        let engine = try Engine(threads: 1)
        let rows = Tensor(zeros: [12, 4])
        let start = try PrincipalComponents(rows, components: 2, engine: engine)
        #expect(start.explained == [0, 0])
        #expect(try NeighborEmbedding(rows, start: start.places, engine: engine).places.isFinite)
        #expect(throws: MetricLearningError.self) { try PrincipalComponents(Tensor(zeros: [1, 4]), components: 2, engine: engine) }
        #expect(throws: MetricLearningError.self) { try PrincipalComponents(Tensor(zeros: [9, 1]), components: 2, engine: engine) }
        #expect(throws: MetricLearningError.self) { try NeighborEmbedding(Tensor(zeros: [4, 4]), start: Tensor(zeros: [4, 2]), engine: engine) }
    }
}
