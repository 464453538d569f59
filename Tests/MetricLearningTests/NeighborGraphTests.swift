import MetricLearning
import RandomStreams
import TensorEngine
import Testing

struct NeighborGraphTests {
    /// Unit rows around some directions.
    private func rows(_ count: Int, width: Int = 24, seed: UInt64 = 1) throws -> Tensor {
        var stream = RandomStream(seed: seed, purpose: .testing)
        let centers = (0..<12).map { _ in (0..<width).map { _ in stream.normal() } }
        var values: [Float] = []
        for row in 0..<count {
            let raw = centers[row % 12].map { $0 + 0.6 * stream.normal() }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            values += raw.map { Float($0 / length) }
        }
        return try Tensor(values, shape: [count, width])
    }

    private let settings = NeighborGraph.Settings(links: 8, breadth: 60, seed: 3)

    @Test func findsWhatLookingAtAllFinds() throws {
        let (gallery, queries) = (try rows(1500), try rows(80, seed: 2))
        let engine = try Engine(threads: 2)
        let graph = try NeighborGraph(gallery, settings: settings)
        let exact = try NearestNeighbors(engine: engine, measure: .product).search(queries: queries, gallery: gallery, k: 10)
        func recall(_ breadth: Int) throws -> Double {
            let found = try graph.search(queries: queries, k: 10, breadth: breadth, engine: engine)
            return Double(zip(found, exact).map { Set($0.map(\.index)).intersection($1.map(\.index)).count }.reduce(0, +)) / 800
        }
        #expect(try recall(1500) == 1)
        #expect(try recall(100) > 0.95)
        #expect(try recall(10) <= recall(100))
        // Nearest first, and the similarity is the product.
        let found = try graph.search(queries: queries, k: 10, breadth: 1500, engine: engine)
        for (query, (found, exact)) in zip(found, exact).enumerated() {
            #expect(found.map(\.index) == exact.map(\.index), "\(query)")
            #expect(zip(found, exact).allSatisfy { abs($0.similarity - $1.similarity) < 1e-5 })
        }
    }

    @Test func equalRowsGiveEqualGraphsOnAnyNumberOfThreads() throws {
        let gallery = try rows(600)
        let (one, other) = (try NeighborGraph(gallery, settings: settings), try NeighborGraph(gallery, settings: settings))
        #expect(one.structure == other.structure)
        #expect(try NeighborGraph(gallery, settings: .init(links: 8, breadth: 60, seed: 4)).structure != one.structure)
        let queries = try rows(30, seed: 5)
        let found = try [1, 3].map { try one.search(queries: queries, k: 5, breadth: 40, engine: Engine(threads: $0)) }
        #expect(found[0] == found[1])
    }

    @Test func aStructureThatWasReadIsTheGraph() throws {
        let (gallery, queries) = (try rows(700), try rows(30, seed: 5))
        let engine = try Engine(threads: 1)
        let graph = try NeighborGraph(gallery, settings: settings)
        let read = try NeighborGraph(gallery, settings: settings, structure: graph.structure)
        #expect(read.structure == graph.structure)
        #expect(try read.search(queries: queries, k: 7, breadth: 30, engine: engine) == graph.search(queries: queries, k: 7, breadth: 30, engine: engine))
    }

    /// Whatever stands in the place of levels and links: an error or a graph that can be searched, never a trap.
    @Test func lyingStructures() throws {
        let gallery = try rows(200)
        let (engine, queries) = (try Engine(threads: 1), try rows(3, seed: 5))
        let whole = try NeighborGraph(gallery, settings: settings).structure
        var stream = RandomStream(seed: 9, purpose: .testing)
        var refused = 0
        for trial in 0..<400 {
            var lie = whole
            switch trial % 6 {
            case 0: lie.links[stream.below(lie.links.count)] = UInt32(truncatingIfNeeded: stream.next())
            case 1: lie.levels[stream.below(lie.levels.count)] = UInt8(truncatingIfNeeded: stream.next())
            case 2: lie.links.removeLast(1 + stream.below(lie.links.count - 1))
            case 3: lie.links.append(0)
            case 4: lie.links[stream.below(lie.links.count)] = UInt32(stream.below(200))
            default: lie.levels.swapAt(stream.below(200), stream.below(200))
            }
            do {
                let graph = try NeighborGraph(gallery, settings: settings, structure: lie)
                _ = try graph.search(queries: queries, k: 5, breadth: 20, engine: engine)
            } catch is MetricLearningError {
                refused += 1
            }
        }
        #expect(refused > 200)
        #expect(throws: MetricLearningError.self) { try NeighborGraph(gallery, settings: settings, structure: .init(levels: [], links: [])) }
        #expect(throws: MetricLearningError.self) { try NeighborGraph(gallery, settings: settings, structure: .init(levels: [UInt8](repeating: 0, count: 200), links: [])) }
    }

    @Test func smallAndImpossibleOnes() throws {
        let engine = try Engine(threads: 1)
        let single = try NeighborGraph(rows(1), settings: settings)
        #expect(try single.search(queries: rows(2, seed: 8), k: 5, breadth: 10, engine: engine).map(\.count) == [1, 1])
        #expect(throws: MetricLearningError.self) { try NeighborGraph(Tensor(zeros: [0, 4]), settings: settings) }
        #expect(throws: MetricLearningError.self) { try NeighborGraph(rows(5), settings: .init(links: 1)) }
        #expect(throws: MetricLearningError.self) { try single.search(queries: Tensor(zeros: [1, 3]), k: 1, breadth: 1, engine: engine) }
        #expect(throws: MetricLearningError.self) { try NeighborGraph(Tensor([.nan, 0], shape: [1, 2]), settings: settings) }
        // Equal rows, as blank pictures give them.
        let equal = try NeighborGraph(Tensor([Float](repeating: 0.5, count: 400), shape: [100, 4]), settings: settings)
        #expect(try equal.search(queries: Tensor([0.5, 0.5, 0.5, 0.5], shape: [1, 4]), k: 3, breadth: 10, engine: engine)[0].count == 3)
    }
}
