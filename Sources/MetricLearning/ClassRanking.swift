import TensorEngine
import VectorKernels

/// What retrieval figures need of each query: its nearest items, and the rank of the first one of its class, however far it lies.
///
/// The rank is counted, not found by selecting that many: the nearest item of the class is looked up first, in the few tiles
/// where its class meets itself (rows are put in the order of their classes for it), and everything nearer is counted
/// in the pass that also selects the neighbours. So R@1000 costs what R@1 does.
package struct ClassRanking {
    private let tiles: SimilarityTiles
    /// The items in the order of their classes, then of their indices.
    private let queryOrder, galleryOrder: [Int]
    /// For each query, in that order, the places of its class in the gallery's order.
    private let own: [Range<Int>]

    /// - Throws: `MetricLearningError` when shapes do not fit or a value is not finite.
    package init(
        queries: Tensor, queryLabels: [Int], gallery: Tensor, galleryLabels: [Int], leavingOut: Bool, measure: RankingMeasure, engine: Engine
    ) throws {
        galleryOrder = Self.order(of: galleryLabels)
        queryOrder = leavingOut ? galleryOrder : Self.order(of: queryLabels)
        let sorted = try gallery.gathered(galleryOrder)
        let rows = try RankedRows(
            queries: leavingOut ? sorted : queries.gathered(queryOrder), gallery: sorted, leavingOut: leavingOut, measure: measure, engine: engine)
        tiles = SimilarityTiles(rows: rows, leavingOut: leavingOut, engine: engine)
        var ranges: [Int: Range<Int>] = [:]
        for (place, item) in galleryOrder.enumerated() {
            let label = galleryLabels[item]
            ranges[label] = (ranges[label]?.lowerBound ?? place)..<place + 1
        }
        // A class that the gallery lacks has an empty range where it would stand, so that ranges go up with the queries.
        var last = 0
        own = queryOrder.map { query in
            let range = ranges[queryLabels[query]] ?? last..<last
            last = range.upperBound
            return range
        }
    }

    private static func order(of labels: [Int]) -> [Int] { labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) } }

    /// Hands each query's `k` nearest items, nearest first, and the rank of the first item of its class, from 1, or 0 where there is
    /// none, to `visit`, which several threads call, once a query.
    /// - Parameter memory: most bytes of candidates at a time
    package func visit(k: Int, memory: Int = SelectionPass.memory, _ visit: (_ query: Int, _ neighbors: UnsafeBufferPointer<NeighborKey>, _ firstHit: Int) -> Void) {
        for pass in SelectionPass.passes(tiles, k: k, memory: memory) {
            let (first, all) = (pass.queries.lowerBound, tiles.tiles(of: pass.queries, mirrored: pass.isMirrored))
            let selections = TopSelections(rows: pass.queries.count, k: k)
            let hits = FirstHits(rows: pass.queries.count)
            tiles.visit(all.filter(holdsPairs)) { tile, values in
                eachPair(tile, values) { query, item, similarity in
                    hits.find(NeighborKey(similarity: similarity, index: galleryOrder[item]), for: query - first)
                    if tile.isMirrored { hits.find(NeighborKey(similarity: similarity, index: galleryOrder[query]), for: item) }
                }
            }
            hits.mark()
            tiles.visit(all) { tile, values in
                selections.take(values, of: tile, firstQuery: first) { galleryOrder[$0] }
                hits.count(values, of: tile, firstQuery: first) { galleryOrder[$0] }
            }
            tiles.forRows(pass.queries) { query in visit(queryOrder[query], selections.sorted(query - first), hits.rank(query - first)) }
        }
    }

    private func holdsPairs(_ tile: SimilarityTiles.Tile) -> Bool {
        guard let first = tile.queries.first, let last = tile.queries.last else { return false }
        return (own[first].lowerBound..<own[last].upperBound).overlaps(tile.gallery)
    }

    /// Calls `body` with each query of the tile and each other item of its class in it.
    private func eachPair(_ tile: SimilarityTiles.Tile, _ values: UnsafePointer<Float>, _ body: (_ query: Int, _ item: Int, Float) -> Void) {
        for (row, query) in tile.queries.enumerated() {
            for item in own[query].clamped(to: tile.gallery) where !(tiles.leavingOut && item == query) {
                body(query, item, values[row * tile.gallery.count + item - tile.gallery.lowerBound])
            }
        }
    }
}

/// For each query the nearest item of its class, and how many items are nearer. A row is one thread's at a time.
private final class FirstHits {
    private let best: UnsafeMutablePointer<NeighborKey>
    /// Similarity of the nearest item of the class; infinite where there is none, and nothing is nearer.
    private let marks: UnsafeMutablePointer<Float>
    private let nearer: UnsafeMutablePointer<Int32>
    private let rows: Int

    package init(rows: Int) {
        self.rows = rows
        best = .allocate(capacity: rows)
        best.initialize(repeating: .none, count: rows)
        marks = .allocate(capacity: rows)
        marks.initialize(repeating: .infinity, count: rows)
        nearer = .allocate(capacity: rows)
        nearer.initialize(repeating: 0, count: rows)
    }

    deinit {
        best.deallocate()
        marks.deallocate()
        nearer.deallocate()
    }

    package func find(_ key: NeighborKey, for row: Int) {
        if key > best[row] { best[row] = key }
    }

    /// Finding is over and counting begins.
    package func mark() {
        for row in 0..<rows where best[row] > .none { marks[row] = best[row].similarity }
    }

    package func count(_ values: UnsafePointer<Float>, of tile: SimilarityTiles.Tile, firstQuery: Int, name: (Int) -> Int) {
        let columns = tile.gallery.count
        let others = tile.isMirrored ? tile.gallery.lowerBound : nil
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: columns) { ties in
            guard let ties = ties.baseAddress else { return }
            for (row, query) in tile.queries.enumerated() {
                let similarities = values + row * columns
                let own = query - firstQuery
                var equal: Int64 = 0
                nearer[own] += Int32(
                    vk_count_larger(similarities, Int64(columns), marks[own], others.map { UnsafePointer(marks + $0) }, others.map { nearer + $0 }, ties, &equal))
                // As near as the nearest one of the class: the lower index comes first.
                for tie in 0..<Int(equal) {
                    let item = tile.gallery.lowerBound + Int(ties[tie])
                    let similarity = similarities[Int(ties[tie])]
                    if similarity == marks[own], NeighborKey(similarity: similarity, index: name(item)) > best[own] { nearer[own] += 1 }
                    if tile.isMirrored, similarity == marks[item], NeighborKey(similarity: similarity, index: name(query)) > best[item] { nearer[item] += 1 }
                }
            }
        }
    }

    /// From 1; 0 where there is none.
    package func rank(_ row: Int) -> Int { best[row] > .none ? Int(nearer[row]) + 1 : 0 }
}

extension Tensor {
    /// The rows at `indices`, in their order.
    fileprivate func gathered(_ indices: [Int]) throws -> Tensor {
        guard shape.count == 2, indices.count == shape[0] else { throw MetricLearningError("\(indices.count) labels do not fit embeddings of shape \(shape)") }
        let result = Tensor(uninitialized: shape)
        for (place, index) in indices.enumerated() { (result.pointer + place * width).update(from: pointer + index * width, count: width) }
        return result
    }
}
