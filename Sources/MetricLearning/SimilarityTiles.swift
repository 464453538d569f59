import Foundation
import TensorEngine

/// The similarities of queries and gallery in square tiles, several threads at once: the whole matrix never exists, and a tile is
/// read while it lies in the cache.
///
/// Where the queries are the gallery and similarity is symmetric, only the tiles on and above the diagonal are computed, and
/// each stands for its mirror image too. Tiles depend on shapes alone, so a similarity never depends on the number of threads.
package struct SimilarityTiles {
    package struct Tile {
        let queries, gallery: Range<Int>
        /// Whether the gallery's items ask the queries' too.
        let isMirrored: Bool
    }

    /// Rows of a tile: 1 MiB of similarities.
    package static let side = 512

    package let rows: RankedRows
    /// Whether the queries are the gallery, and an item is not its own neighbour.
    package let leavingOut: Bool
    package let engine: Engine

    package init(rows: RankedRows, leavingOut: Bool, engine: Engine) {
        (self.rows, self.leavingOut, self.engine) = (rows, leavingOut, engine)
    }

    /// All that queries of `block` need. The block begins at a multiple of `side`.
    /// - Parameter mirrored: compute half and mirror it; `block` is then all rows, which are symmetric
    package func tiles(of block: Range<Int>, mirrored: Bool) -> [Tile] {
        let (queries, gallery) = (Self.pieces(of: block), Self.pieces(of: 0..<rows.gallery.shape[0]))
        guard mirrored else {
            // Neighbours in this order share the gallery's rows and not the queries', which they would have to wait for.
            return gallery.flatMap { some in queries.map { Tile(queries: $0, gallery: some, isMirrored: false) } }
        }
        // By diagonals, for the same reason.
        return gallery.indices.flatMap { distance in
            (0..<gallery.count - distance).map { Tile(queries: gallery[$0], gallery: gallery[$0 + distance], isMirrored: distance > 0) }
        }
    }

    private static func pieces(of range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: side).map { $0..<min($0 + side, range.upperBound) }
    }

    /// Computes each tile and hands it to `body`, (queries, gallery) of it, an item with itself NaN where it is to be left out. Several
    /// threads call it, no two of them with the same queries, the same mirrored gallery, or the one as the other.
    package func visit(_ tiles: [Tile], _ body: (Tile, UnsafePointer<Float>) -> Void) {
        let width = rows.gallery.shape[1]
        let locks = (0..<(max(rows.queries.shape[0], rows.gallery.shape[0]) + Self.side - 1) / Self.side).map { _ in NSLock() }
        let (q, g) = (rows.queries.pointer, rows.gallery.pointer)
        engine.pool.run(tiles.count) { number in
            let tile = tiles[number]
            let (count, columns) = (tile.queries.count, tile.gallery.count)
            let values = Tensor(uninitialized: [count, columns])
            Engine.product(
                false, true, m: count, n: columns, k: width, q + tile.queries.lowerBound * width, width, g + tile.gallery.lowerBound * width, width,
                beta: 0, values.pointer, columns)
            if leavingOut {
                for item in tile.queries.clamped(to: tile.gallery) {
                    values.pointer[(item - tile.queries.lowerBound) * columns + item - tile.gallery.lowerBound] = .nan
                }
            }
            // In order of their numbers, so that no two threads wait for each other.
            let own = locks[tile.queries.lowerBound / Self.side], theirs = tile.isMirrored ? locks[tile.gallery.lowerBound / Self.side] : nil
            own.lock()
            theirs?.lock()
            body(tile, values.pointer)
            theirs?.unlock()
            own.unlock()
        }
    }
}
