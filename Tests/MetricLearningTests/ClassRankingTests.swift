import MetricLearning
import RandomStreams
import TensorEngine
import Testing

/// Ranks counted beside neighbours selected, against a plain sort of every similarity.
@Suite struct ClassRankingTests {
    let engine: Engine
    init() throws { engine = try Engine(threads: 2) }

    /// Rows of +-1/4: products are exact, so equal similarities are equal, and there are very many.
    private func tied(_ count: Int, _ name: String) throws -> Tensor {
        var stream = RandomStream(seed: 3, purpose: .testing, name: name)
        return try Tensor((0..<count).flatMap { _ in (0..<4).flatMap { _ in [Float](repeating: stream.below(2) == 0 ? 0.25 : -0.25, count: 4) } }, shape: [count, 16])
    }

    private struct Answer: Equatable {
        var neighbors: [Int]
        var firstHit: Int
    }

    private func plain(_ q: Tensor, _ queryLabels: [Int], _ g: Tensor, _ galleryLabels: [Int], k: Int, leavingOut: Bool) -> [Answer] {
        let (queries, gallery) = (q.array(), g.array())
        return queryLabels.indices.map { query in
            let similarity = galleryLabels.indices.map { i in (0..<16).reduce(Float(0)) { $0 + queries[query * 16 + $1] * gallery[i * 16 + $1] } }
            let order = galleryLabels.indices.filter { !leavingOut || $0 != query }.sorted { (similarity[$0], -$0) > (similarity[$1], -$1) }
            return Answer(neighbors: Array(order.prefix(k)), firstHit: (order.firstIndex { galleryLabels[$0] == queryLabels[query] } ?? -1) + 1)
        }
    }

    private func counted(
        _ q: Tensor, _ queryLabels: [Int], _ g: Tensor, _ galleryLabels: [Int], k: Int, leavingOut: Bool, measure: RankingMeasure = .cosine
    ) throws -> [Answer] {
        let ranking = try ClassRanking(
            queries: q, queryLabels: queryLabels, gallery: g, galleryLabels: galleryLabels, leavingOut: leavingOut, measure: measure, engine: engine)
        var found = [Answer](repeating: Answer(neighbors: [], firstHit: -1), count: queryLabels.count)
        found.withUnsafeMutableBufferPointer { found in
            let places = found
            ranking.visit(k: k) { places[$0] = Answer(neighbors: $1.map(\.index), firstHit: $2) }
        }
        return found
    }

    /// More than two tiles, the last one not whole; classes of one item up to more than a tile. Half of the tiles where similarity is
    /// symmetric, all of them for distances.
    @Test(arguments: [1, 30, 700], [RankingMeasure.cosine, .euclidean]) func amongThemselves(classes: Int, measure: RankingMeasure) throws {
        let x = try tied(1100, "x")
        let labels = (0..<1100).map { $0 * 7 % classes }
        let found = try counted(x, labels, x, labels, k: 9, leavingOut: true, measure: measure)
        #expect(found == plain(x, labels, x, labels, k: 9, leavingOut: true))
    }

    @Test(arguments: [3, 200]) func queriesAndGallery(classes: Int) throws {
        let (q, g) = (try tied(530, "q"), try tied(1030, "g"))
        // Classes that the gallery lacks at both ends and in the middle.
        let (asked, held) = ((0..<530).map { $0 % (classes + 2) - 1 }, (0..<1030).map { ($0 * 11 % classes) == 1 ? 0 : $0 * 11 % classes })
        let found = try counted(q, asked, g, held, k: 5, leavingOut: false)
        #expect(found == plain(q, asked, g, held, k: 5, leavingOut: false))
        #expect(found.contains { $0.firstHit == 0 })
    }

    /// Queries are taken in passes where the buffers for all would outgrow their limit.
    @Test func inPassesWhenManyNeighboursAreHeld() throws {
        let x = try tied(1600, "x")
        let labels = (0..<1600).map { $0 * 7 % 90 }
        let tiles = SimilarityTiles(rows: try RankedRows(queries: x, gallery: x, leavingOut: true, measure: .cosine, engine: engine), leavingOut: true, engine: engine)
        #expect(SelectionPass.passes(tiles, k: 50, memory: 1 << 20).count == 2)
        #expect(SelectionPass.passes(tiles, k: 50).count == 1)
        let ranking = try ClassRanking(
            queries: x, queryLabels: labels, gallery: x, galleryLabels: labels, leavingOut: true, measure: .cosine, engine: engine)
        func answers(memory: Int) -> [Answer] {
            var found = [Answer](repeating: Answer(neighbors: [], firstHit: -1), count: labels.count)
            found.withUnsafeMutableBufferPointer { found in
                let places = found
                ranking.visit(k: 50, memory: memory) { places[$0] = Answer(neighbors: $1.map(\.index), firstHit: $2) }
            }
            return found
        }
        #expect(answers(memory: 1 << 20) == answers(memory: SelectionPass.memory))
    }
}
