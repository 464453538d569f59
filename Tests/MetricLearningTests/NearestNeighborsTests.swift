import MetricLearning
import TensorEngine
import Testing

@Suite struct NearestNeighborsTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    @Test func nearestFirstTiesByIndexZeroSignsAlike() throws {
        // Cosines with (1, 0): 1, 0, -0, 1, -1.
        let gallery = try Tensor([2, 0, 0, 1, -0.0, 1, 5, 0, -1, 0], shape: [5, 2])
        let found = try NearestNeighbors(engine: engine).search(queries: Tensor([3, 0], shape: [1, 2]), gallery: gallery, k: 5)
        #expect(found[0].map(\.index) == [0, 3, 1, 2, 4])
        #expect(found[0].map(\.similarity) == [1, 1, 0, 0, -1])
    }

    @Test(arguments: [1, 7, 64, 2999]) func equalsSortingEverything(k: Int) throws {
        // More than two blocks of the gallery, and a last one that is not whole.
        let (queries, gallery) = (noise([37, 8], "q"), noise([2999, 8], "g"))
        let found = try NearestNeighbors(engine: engine).search(queries: queries, gallery: gallery, k: k)
        let all = try NearestNeighbors(engine: engine).search(queries: queries, gallery: gallery, k: 2999)
        let values = all.map { row in row.sorted { ($0.similarity, -$0.index) > ($1.similarity, -$1.index) } }
        #expect(found == values.map { Array($0.prefix(k)) })
        #expect(Set(all[5].map(\.index)).count == 2999)
        let (q, g) = (queries.array(), gallery.array())
        func cosine(_ i: Int, _ j: Int) -> Double {
            func dot(_ a: [Float], _ b: [Float], _ i: Int, _ j: Int) -> Double { (0..<8).reduce(0) { $0 + Double(a[i * 8 + $1]) * Double(b[j * 8 + $1]) } }
            return dot(q, g, i, j) / (dot(q, q, i, i) * dot(g, g, j, j)).squareRoot()
        }
        for i in 0..<37 { #expect(found[i].allSatisfy { abs(cosine(i, $0.index) - Double($0.similarity)) < 1e-5 }) }
    }

    @Test func anItemIsNotItsOwnNeighbour() throws {
        let x = try Tensor([1, 0, 1, 0, 1, 0, 0, 1], shape: [4, 2])
        let found = try NearestNeighbors(engine: engine).search(queries: x, gallery: x, k: 3, leavingOut: true)
        #expect(found.map { $0.map(\.index) } == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
        #expect(throws: MetricLearningError("4 neighbours were asked for among 3; expected 1 to 3")) {
            try NearestNeighbors(engine: engine).search(queries: x, gallery: x, k: 4, leavingOut: true)
        }
    }
}
