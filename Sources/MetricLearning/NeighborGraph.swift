import CHNSW
import TensorEngine

/// Approximate nearest neighbours by cosine: a hierarchical navigable small-world graph (Malkov and Yashunin 2018) of hnswlib.
///
/// Rows are added in their order by one thread and levels drawn from the seed, so that equal rows give equal graphs on one kind of
/// processor, whatever the number of threads. Searches run on all of them.
public final class NeighborGraph: @unchecked Sendable {
    public struct Settings: Codable, Equatable, Sendable {
        /// Most links of a row at each level but the lowest, which has twice as many: 2 to 256.
        public var links: Int
        /// Candidates that an insertion looks at, 4 to 10,000.
        public var breadth: Int
        public var seed: UInt64

        public init(links: Int = 16, breadth: Int = 100, seed: UInt64 = 0) {
            self.links = links
            self.breadth = breadth
            self.seed = seed
        }

        var isValid: Bool { (2...256).contains(links) && (4...10_000).contains(breadth) }
    }

    public let settings: Settings
    public let count: Int
    public let width: Int
    private let graph: OpaquePointer

    /// Room for a graph of those rows; nothing is in it yet.
    private init(roomFor rows: Tensor, _ settings: Settings) throws {
        guard rows.shape.count == 2, rows.shape[0] >= 1, rows.shape[0] <= Int(Int32.max), rows.shape[1] >= 1, rows.isFinite else {
            throw MetricLearningError("a neighbour graph of rows of shape \(rows.shape); expected 1 finite row or more")
        }
        guard settings.isValid else {
            throw MetricLearningError("a neighbour graph of \(settings.links) links and a breadth of \(settings.breadth); expected 2 to 256 and 4 to 10,000")
        }
        (self.settings, count, width) = (settings, rows.shape[0], rows.shape[1])
        var message = [CChar](repeating: 0, count: Int(HNSW_MESSAGE_SIZE))
        guard let made = hnsw_new(count, width, settings.links, settings.breadth, settings.seed, &message) else {
            throw MetricLearningError("a neighbour graph of \(rows.shape) rows: \(Self.text(message))")
        }
        graph = made
    }

    deinit { hnsw_free(graph) }

    /// Builds a graph.
    /// - Parameters:
    ///   - rows: (N, E), of length 1
    ///   - onProgress: told how many rows are in; what it throws ends the work
    /// - Throws: `MetricLearningError` when there is no row, a value is not finite, or memory is short.
    public convenience init(_ rows: Tensor, settings: Settings, onProgress: (Int) throws -> Void = { _ in }) throws {
        try self.init(roomFor: rows, settings)
        var message = [CChar](repeating: 0, count: Int(HNSW_MESSAGE_SIZE))
        for row in 0..<count {
            if row % 256 == 0 { try onProgress(row) }
            guard hnsw_add(graph, rows.pointer + row * width, &message) == 0 else { throw MetricLearningError("row \(row) of a neighbour graph: \(Self.text(message))") }
        }
    }

    /// What a graph is made of beside its rows, for a file.
    public struct Structure: Equatable, Sendable {
        /// Of each row.
        public var levels: [UInt8]
        /// Row by row, level by level from the lowest: how many links, and to which rows.
        public var links: [UInt32]

        public init(levels: [UInt8], links: [UInt32]) {
            self.levels = levels
            self.links = links
        }
    }

    public var structure: Structure {
        var levels = [UInt8](repeating: 0, count: count)
        var links = [UInt32](repeating: 0, count: hnsw_word_count(graph))
        hnsw_write(graph, &levels, &links)
        return Structure(levels: levels, links: links)
    }

    /// The graph that ``structure`` was taken from.
    /// - Throws: `MetricLearningError` when the structure is not one of these rows; everything is checked before it is believed.
    public convenience init(_ rows: Tensor, settings: Settings, structure: Structure) throws {
        try self.init(roomFor: rows, settings)
        guard structure.levels.count == count else { throw MetricLearningError("levels of \(structure.levels.count) rows do not fit \(count) rows") }
        var message = [CChar](repeating: 0, count: Int(HNSW_MESSAGE_SIZE))
        let failed = hnsw_read(graph, rows.pointer, structure.levels, structure.links, structure.links.count, &message)
        guard failed == 0 else { throw MetricLearningError("not a neighbour graph: \(Self.text(message))") }
    }

    /// Nearest first, by cosine; fewer than `k` where the search finds no more.
    /// - Parameters:
    ///   - queries: (Q, E), of length 1
    ///   - breadth: candidates that a search keeps; more finds more. At least `k` counts.
    /// - Throws: `MetricLearningError` when shapes do not fit or a value is not finite.
    public func search(queries: Tensor, k: Int, breadth: Int, engine: Engine) throws -> [[NearestNeighbors.Neighbor]] {
        guard queries.shape.count == 2, queries.shape[1] == width, queries.isFinite, k >= 1 else {
            throw MetricLearningError("\(k) neighbours of queries of shape \(queries.shape) in a graph of \(count) rows of \(width)")
        }
        let (wanted, breadth) = (min(k, count), min(max(breadth, k), count))
        var found = [[NearestNeighbors.Neighbor]](repeating: [], count: queries.shape[0])
        var failures = [String?](repeating: nil, count: queries.shape[0])
        found.withUnsafeMutableBufferPointer { found in
            failures.withUnsafeMutableBufferPointer { failures in
                let (places, problems) = (found, failures)
                engine.pool.run(queries.shape[0]) { query in
                    var indices = [UInt32](repeating: 0, count: wanted)
                    var products = [Float](repeating: 0, count: wanted)
                    var count = 0
                    var message = [CChar](repeating: 0, count: Int(HNSW_MESSAGE_SIZE))
                    if hnsw_search(graph, queries.pointer + query * width, wanted, breadth, &indices, &products, &count, &message) != 0 { problems[query] = Self.text(message) }
                    places[query] = (0..<count).map { .init(index: Int(indices[$0]), similarity: products[$0]) }
                }
            }
        }
        if let failure = failures.lazy.compactMap({ $0 }).first { throw MetricLearningError("a search in a neighbour graph: \(failure)") }
        return found
    }

    private static func text(_ message: [CChar]) -> String { String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
