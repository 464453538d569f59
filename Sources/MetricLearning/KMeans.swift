import RandomStreams
import TensorEngine

/// Clusters of rows by Euclidean distance: starts by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's iterations until no
/// row changes its cluster.
///
/// Equal distances go to the cluster of the lower number. Work is cut by shapes and sums run in the order of the rows, so
/// the clusters depend on rows, seed and processor alone, not on the number of threads. Memory beyond the rows and the
/// centres stays at some tens of MiB however many there are.
public struct KMeans {
    /// The cluster of each row, 0 up to the number of clusters.
    public let clusters: [Int]
    /// (clusters, E), the mean of each cluster's rows.
    public let centers: Tensor
    /// Sum over rows of the squared distance to their centre.
    public let inertia: Double
    /// Times that all rows were assigned.
    public let iterations: Int

    /// Iterations end here even when rows still change.
    private static let mostIterations = 100

    /// The restart with the least inertia, the first of equals.
    ///
    /// - Parameters:
    ///   - rows: (N, E)
    ///   - clusters: 1 to N
    ///   - restarts: 1 or more starts, each from random numbers of its own
    ///   - onProgress: called between passes over the rows; what it throws ends the work
    /// - Throws: `MetricLearningError` when there are fewer rows than clusters or a value is not finite.
    public init(
        _ rows: Tensor, clusters: Int, seed: UInt64, restarts: Int = 1, engine: Engine, onProgress: () throws -> Void = {}
    ) throws {
        let search = try Lloyd(rows, clusters: clusters, engine: engine)
        guard restarts >= 1 else { throw MetricLearningError("\(restarts) restarts of k-means; expected 1 or more") }
        var best: KMeans?
        for restart in 0..<restarts {
            var stream = RandomStream(seed: seed, purpose: .clustering, item: restart)
            let start = try search.plusPlus(&stream, onProgress: onProgress)
            let found = try KMeans(search, centers: start, onProgress: onProgress)
            if best.map({ found.inertia < $0.inertia }) ?? true { best = found }
        }
        guard let best else { throw MetricLearningError("k-means made no start") }
        self = best
    }

    /// Lloyd's iterations from given centres.
    /// - Parameters:
    ///   - rows: (N, E)
    ///   - centers: (clusters, E), clusters 1 to N
    public init(_ rows: Tensor, centers: Tensor, engine: Engine) throws {
        let search = try Lloyd(rows, clusters: centers.shape.first ?? 0, engine: engine)
        guard centers.shape.count == 2, centers.shape[1] == rows.shape[1], centers.isFinite else {
            throw MetricLearningError("centres of shape \(centers.shape) do not fit rows of shape \(rows.shape), or are not finite")
        }
        try self.init(search, centers: centers, onProgress: {})
    }

    private init(_ search: Lloyd, centers start: Tensor, onProgress: () throws -> Void) throws {
        var centers = start
        var assigned: [Int] = []
        var passes = 0
        while passes < Self.mostIterations {
            try onProgress()
            var next = try search.nearest(centers)
            passes += 1
            if next == assigned { break }
            search.fillEmpty(&next, centers)
            assigned = next
            centers = search.means(of: next, old: centers)
        }
        (clusters, self.centers, iterations) = (assigned, centers, passes)
        inertia = search.squaredDistances(assigned, centers).reduce(0) { $0 + Double($1) }
    }
}

/// The passes over the rows that k-means is made of.
private struct Lloyd {
    private let rows: Tensor
    private let clusters: Int
    private let engine: Engine
    private let count: Int
    private let width: Int

    private static let rowBlock = 2048
    private static let centerBlock = 1024

    init(_ rows: Tensor, clusters: Int, engine: Engine) throws {
        guard rows.shape.count == 2, rows.shape[0] > 0, rows.shape[1] > 0 else {
            throw MetricLearningError("k-means was given rows of shape \(rows.shape); expected (N, E)")
        }
        guard clusters >= 1, clusters <= rows.shape[0] else {
            throw MetricLearningError("k-means was asked for \(clusters) clusters of \(rows.shape[0]) points; expected 1 to \(rows.shape[0])")
        }
        guard rows.isFinite else { throw MetricLearningError("k-means was given rows of shape \(rows.shape) that hold values that are not finite") }
        (self.rows, self.clusters, self.engine, count, width) = (rows, clusters, engine, rows.shape[0], rows.shape[1])
    }

    /// Each next centre is a row drawn with a probability in proportion to its squared distance from the nearest centre so far.
    func plusPlus(_ stream: inout RandomStream, onProgress: () throws -> Void) throws -> Tensor {
        var chosen = [stream.below(count)]
        var distances = [Float](repeating: .infinity, count: count)
        var isChosen = [Bool](repeating: false, count: count)
        isChosen[chosen[0]] = true
        while chosen.count < clusters {
            try onProgress()
            narrow(&distances, to: chosen[chosen.count - 1])
            let total = distances.reduce(0) { $0 + Double($1) }
            let draw = stream.uniform() * total
            var (sum, next) = (0.0, -1)
            if total > 0, total.isFinite {
                for index in 0..<count where distances[index] > 0 {
                    sum += Double(distances[index])
                    next = index
                    if sum > draw { break }
                }
            }
            // Rows that are all equal to some centre: any that is left.
            if next < 0 { next = isChosen.firstIndex(of: false) ?? 0 }
            isChosen[next] = true
            chosen.append(next)
        }
        let centers = Tensor(uninitialized: [clusters, width])
        for (place, row) in chosen.enumerated() { (centers.pointer + place * width).update(from: rows.pointer + row * width, count: width) }
        return centers
    }

    private func narrow(_ distances: inout [Float], to row: Int) {
        let (center, values, width) = (UnsafePointer(rows.pointer + row * width), UnsafePointer(rows.pointer), width)
        distances.withUnsafeMutableBufferPointer { distances in
            let places = distances
            forRanges(count, size: 512) { range in
                for index in range { places[index] = min(places[index], squaredDistance(values + index * width, center, width)) }
            }
        }
    }

    /// The nearest centre of each row: the largest x·c - |c|²/2.
    func nearest(_ centers: Tensor) throws -> [Int] {
        let halves = (0..<clusters).map { center -> Float in
            let at = centers.pointer + center * width
            return squaredLength(at, width) / 2
        }
        var best = [Float](repeating: -.infinity, count: count)
        var nearest = [Int](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: Self.rowBlock) {
            let block = start..<min(start + Self.rowBlock, count)
            for first in stride(from: 0, to: clusters, by: Self.centerBlock) {
                let several = first..<min(first + Self.centerBlock, clusters)
                let products = Tensor(uninitialized: [block.count, several.count])
                try engine.multiply(rows.rows(block), centers.rows(several), transposeB: true, into: products)
                let values = UnsafePointer(products.pointer)
                best.withUnsafeMutableBufferPointer { best in
                    nearest.withUnsafeMutableBufferPointer { nearest in
                        let (scores, places) = (best, nearest)
                        forRanges(block.count, size: 64) { range in
                            for row in range {
                                let item = block.lowerBound + row
                                for (place, center) in several.enumerated() {
                                    let score = values[row * several.count + place] - halves[center]
                                    if score > scores[item] { (scores[item], places[item]) = (score, center) }
                                }
                            }
                        }
                    }
                }
            }
        }
        return nearest
    }

    /// Gives each empty cluster the row that lies farthest from its centre, among those that are not alone in theirs. With fewer
    /// different rows than clusters some stay empty.
    func fillEmpty(_ assigned: inout [Int], _ centers: Tensor) {
        var sizes = [Int](repeating: 0, count: clusters)
        for cluster in assigned { sizes[cluster] += 1 }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        guard !empty.isEmpty else { return }
        let distances = squaredDistances(assigned, centers)
        var farthest = distances.indices.filter { distances[$0] > 0 }.sorted { (distances[$1], $0) < (distances[$0], $1) }[...]
        for cluster in empty {
            farthest = farthest.drop { sizes[assigned[$0]] < 2 }
            guard let row = farthest.popFirst() else { return }
            sizes[assigned[row]] -= 1
            sizes[cluster] += 1
            assigned[row] = cluster
        }
    }

    /// The mean of each cluster's rows, summed in their order; the old centre of a cluster without rows.
    func means(of assigned: [Int], old: Tensor) -> Tensor {
        var members = [[Int]](repeating: [], count: clusters)
        for (row, cluster) in assigned.enumerated() { members[cluster].append(row) }
        let centers = old.copy()
        let (target, values, width) = (centers.pointer, UnsafePointer(rows.pointer), width)
        engine.pool.run(clusters) { cluster in
            guard !members[cluster].isEmpty else { return }
            var sums = [Double](repeating: 0, count: width)
            for row in members[cluster] { for column in 0..<width { sums[column] += Double(values[row * width + column]) } }
            for column in 0..<width { target[cluster * width + column] = Float(sums[column] / Double(members[cluster].count)) }
        }
        return centers
    }

    /// Of each row from the centre of its cluster.
    func squaredDistances(_ assigned: [Int], _ centers: Tensor) -> [Float] {
        var distances = [Float](repeating: 0, count: count)
        let (from, values, width) = (UnsafePointer(centers.pointer), UnsafePointer(rows.pointer), width)
        distances.withUnsafeMutableBufferPointer { distances in
            let places = distances
            forRanges(count, size: 512) { range in
                for row in range { places[row] = squaredDistance(values + row * width, from + assigned[row] * width, width) }
            }
        }
        return distances
    }

    private func forRanges(_ count: Int, size: Int, _ body: (Range<Int>) -> Void) {
        engine.pool.run((count + size - 1) / size) { part in body(part * size..<min((part + 1) * size, count)) }
    }
}

/// Sum of (a[i] - b[i])² over sixteen fixed lanes; exactly 0 for equal rows.
private func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var lanes = SIMD16<Float>()
    var i = 0
    while i + 16 <= count {
        let difference = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD16<Float>.self) - UnsafeRawPointer(b + i).loadUnaligned(as: SIMD16<Float>.self)
        lanes += difference * difference
        i += 16
    }
    var sum = lanes.sum()
    while i < count {
        sum += (a[i] - b[i]) * (a[i] - b[i])
        i += 1
    }
    return sum
}

private func squaredLength(_ a: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum: Double = 0
    for i in 0..<count { sum += Double(a[i]) * Double(a[i]) }
    return Float(sum)
}
