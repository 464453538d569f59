import TensorEngine

/// Exact nearest neighbours, by cosine unless told otherwise, in blocks: the whole matrix of similarities never exists.
///
/// Equal similarities are ordered by index, the lower first. Blocks depend on shapes alone, so a result never depends
/// on the number of threads.
public struct NearestNeighbors {
    public struct Neighbor: Equatable, Sendable {
        public let index: Int
        public let similarity: Float
    }

    private let engine: Engine
    private let measure: RankingMeasure
    private static let queryBlock = 8192
    private static let galleryBlock = 1024

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
        var found = [[Neighbor]](repeating: [], count: queries.shape.first ?? 0)
        try found.withUnsafeMutableBufferPointer { found in
            let places = found
            try search(queries: queries, gallery: gallery, k: k, leavingOut: leavingOut) { query, keys in
                places[query] = keys.map { Neighbor(index: $0.index, similarity: measure.similarity(product: $0.similarity)) }
            }
        }
        return found
    }

    /// The same, handing each query's sorted neighbours to `visit`, which several threads call, once a query.
    func search(
        queries: Tensor, gallery: Tensor, k: Int, leavingOut: Bool, visit: (_ query: Int, UnsafeBufferPointer<NeighborKey>) -> Void
    ) throws {
        let rows = try RankedRows(queries: queries, gallery: gallery, leavingOut: leavingOut, measure: measure, engine: engine)
        let (n, m) = (queries.shape[0], gallery.shape[0])
        let available = leavingOut ? m - 1 : m
        guard k >= 1, k <= available else { throw MetricLearningError("\(k) neighbours were asked for among \(available); expected 1 to \(available)") }
        // A block of 8192 rows of candidates must not outgrow memory when k is large.
        let size = min(Self.queryBlock, max(512, (1 << 24) / k / 512 * 512))
        for start in stride(from: 0, to: n, by: size) {
            let block = start..<min(start + size, n)
            try visitBlock(rows.queries, rows.gallery, block, k, leavingOut, visit)
        }
    }

    private func visitBlock(
        _ queries: Tensor, _ gallery: Tensor, _ block: Range<Int>, _ k: Int, _ leavingOut: Bool, _ visit: (Int, UnsafeBufferPointer<NeighborKey>) -> Void
    ) throws {
        let m = gallery.shape[0]
        let some = try queries.rows(block)
        let capacity = k + max(k, 64)
        let keys = UnsafeMutablePointer<NeighborKey>.allocate(capacity: block.count * capacity)
        defer { keys.deallocate() }
        let selections = UnsafeMutablePointer<TopSelection>.allocate(capacity: block.count)
        defer { selections.deallocate() }
        for row in 0..<block.count {
            (selections + row).initialize(to: TopSelection(keys: keys + row * capacity, capacity: capacity, k: k))
        }
        for start in stride(from: 0, to: m, by: Self.galleryBlock) {
            let width = min(Self.galleryBlock, m - start)
            let similarities = Tensor(uninitialized: [block.count, width])
            try engine.multiply(some, gallery.rows(start..<start + width), transposeB: true, into: similarities)
            let values = UnsafePointer(similarities.pointer)
            forRows(block.count) { row in
                let left = leavingOut ? block.lowerBound + row : -1
                selections[row].take(values + row * width, count: width, from: start, leavingOut: left)
            }
        }
        forRows(block.count) { row in
            visit(block.lowerBound + row, selections[row].sorted())
        }
    }

    private func forRows(_ count: Int, _ body: (Int) -> Void) {
        let size = 64
        engine.pool.run((count + size - 1) / size) { part in
            for row in part * size..<min((part + 1) * size, count) { body(row) }
        }
    }
}
