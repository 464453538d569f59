import TensorEngine
import VectorKernels

/// Exact nearest neighbours, by cosine unless told otherwise, in tiles: the whole matrix of similarities never exists.
///
/// Equal similarities are ordered by index, the lower first. Tiles depend on shapes alone, so a result never depends
/// on the number of threads.
public struct NearestNeighbors {
    public struct Neighbor: Equatable, Sendable {
        public let index: Int
        public let similarity: Float
    }

    private let engine: Engine
    private let measure: RankingMeasure

    public init(engine: Engine, measure: RankingMeasure = .cosine) {
        self.engine = engine
        self.measure = measure
    }

    /// The `k` nearest gallery rows of each query, nearest first. By Euclidean distance d a neighbour's `similarity` is
    /// (|q|² - d²) / 2, by hyperbolic distance minus the distance.
    ///
    /// - Parameters:
    ///   - queries: (N, E); rows of any length
    ///   - gallery: (M, E)
    ///   - k: 1 to M, or M - 1 with `leavingOut`
    ///   - leavingOut: true when the queries are the gallery and an item is not its own neighbour
    /// - Throws: `MetricLearningError` when shapes do not fit, a value is not finite, or there are fewer than `k` to find.
    public func search(queries: Tensor, gallery: Tensor, k: Int, leavingOut: Bool = false) throws -> [[Neighbor]] {
        let rows = try RankedRows(queries: queries, gallery: gallery, leavingOut: leavingOut, measure: measure, engine: engine)
        let available = leavingOut ? gallery.shape[0] - 1 : gallery.shape[0]
        guard k >= 1, k <= available else { throw MetricLearningError("\(k) neighbours were asked for among \(available); expected 1 to \(available)") }
        let tiles = SimilarityTiles(rows: rows, leavingOut: leavingOut, engine: engine)
        var found = [[Neighbor]](repeating: [], count: queries.shape[0])
        found.withUnsafeMutableBufferPointer { found in
            let places = found
            for pass in SelectionPass.passes(tiles, k: k) {
                let selections = TopSelections(rows: pass.queries.count, k: k)
                tiles.visit(tiles.tiles(of: pass.queries, mirrored: pass.isMirrored)) { tile, values in
                    selections.take(values, of: tile, firstQuery: pass.queries.lowerBound) { $0 }
                }
                tiles.forRows(pass.queries) { query in
                    places[query] = selections.sorted(query - pass.queries.lowerBound).map {
                        Neighbor(index: $0.index, similarity: measure.similarity(product: $0.similarity))
                    }
                }
            }
        }
        return found
    }
}

/// The queries whose selections are held at once.
package struct SelectionPass {
    package let queries: Range<Int>
    /// Whether all queries are, and half of the similarities tell everything.
    package let isMirrored: Bool

    /// Most bytes of candidates.
    package static let memory = 256 << 20

    package static func passes(_ tiles: SimilarityTiles, k: Int, memory limit: Int = memory) -> [SelectionPass] {
        let n = tiles.rows.queries.shape[0]
        if tiles.rows.isSymmetric, TopSelections.bytes(rows: n, k: k) <= limit { return [SelectionPass(queries: 0..<n, isMirrored: true)] }
        let side = SimilarityTiles.side
        let size = max(1, min(16, limit / TopSelections.bytes(rows: side, k: k))) * side
        return stride(from: 0, to: n, by: size).map { SelectionPass(queries: $0..<min($0 + size, n), isMirrored: false) }
    }
}

extension TopSelections {
    /// Offers a tile's similarities to its queries and, where it is mirrored, to its gallery's items.
    /// - Parameters:
    ///   - firstQuery: whose selection is row 0
    ///   - name: the index under which an item of the gallery is kept
    func take(_ values: UnsafePointer<Float>, of tile: SimilarityTiles.Tile, firstQuery: Int, name: (Int) -> Int) {
        let columns = tile.gallery.count
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: columns + 1) { places in
            guard let places = places.baseAddress else { return }
            for (row, query) in tile.queries.enumerated() {
                let similarities = values + row * columns
                let own = query - firstQuery
                let others = tile.isMirrored ? UnsafePointer(bars + tile.gallery.lowerBound) : nil
                for hit in 0..<Int(vk_candidates(similarities, Int64(columns), bars[own], others, places)) {
                    let place = Int(places[hit])
                    let item = tile.gallery.lowerBound + place
                    offer(similarities[place], name(item), to: own)
                    if tile.isMirrored { offer(similarities[place], name(query), to: item) }
                }
            }
        }
    }
}

extension SimilarityTiles {
    /// Calls `body` with each of `range`, on several threads.
    func forRows(_ range: Range<Int>, _ body: (Int) -> Void) {
        let size = 64
        engine.pool.run((range.count + size - 1) / size) { part in
            let start = range.lowerBound + part * size
            for row in start..<min(start + size, range.upperBound) { body(row) }
        }
    }
}
