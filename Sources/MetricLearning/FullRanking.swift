import TensorEngine

/// Average precision over each query's whole ranking, exactly, in blocks of queries whose similarities take 64 MiB at most.
///
/// Only the ranks of the items of the query's class matter, and those are found by counting what lies before them, without sorting
/// the gallery. Equal similarities are ordered by index, the lower first.
struct FullRanking {
    private let rows: RankedRows
    private let galleryLabels: [Int]
    private let leavingOut: Bool
    private let engine: Engine

    init(rows: RankedRows, galleryLabels: [Int], leavingOut: Bool, engine: Engine) {
        (self.rows, self.galleryLabels, self.leavingOut, self.engine) = (rows, galleryLabels, leavingOut, engine)
    }

    /// Of each query, 0 to 1; 0 for those whose class the gallery lacks.
    func averagePrecisions(queryLabels: [Int]) throws -> [Double] {
        let members = Dictionary(grouping: galleryLabels.indices) { galleryLabels[$0] }
        let m = galleryLabels.count
        let size = max(1, min(512, (1 << 24) / max(m, 1)))
        var result = [Double](repeating: 0, count: queryLabels.count)
        for start in stride(from: 0, to: queryLabels.count, by: size) {
            let block = start..<min(start + size, queryLabels.count)
            let similarities = Tensor(uninitialized: [block.count, m])
            try engine.multiply(rows.queries.rows(block), rows.gallery, transposeB: true, into: similarities)
            let values = UnsafePointer(similarities.pointer)
            result.withUnsafeMutableBufferPointer { result in
                let places = result
                engine.pool.run(block.count) { row in
                    let query = block.lowerBound + row
                    let relevant = (members[queryLabels[query]] ?? []).filter { !leavingOut || $0 != query }
                    places[query] = averagePrecision(values + row * m, count: m, relevant: relevant, leavingOut: leavingOut ? query : -1)
                }
            }
        }
        return result
    }

    /// (1/R) sum over the relevant items, nearest first, of (relevant ones up to it) / (its rank).
    private func averagePrecision(_ similarities: UnsafePointer<Float>, count: Int, relevant: [Int], leavingOut: Int) -> Double {
        let keys = relevant.map { NeighborKey(similarity: similarities[$0], index: $0) }.sorted(by: >)
        guard let last = keys.last else { return 0 }
        // Items that lie before the j-th relevant one, but not before the one ahead of it; the relevant one itself among them.
        var between = [Int](repeating: 0, count: keys.count)
        let least = last.similarity
        for index in 0..<count where similarities[index] >= least && index != leavingOut {
            let key = NeighborKey(similarity: similarities[index], index: index)
            var (low, high) = (0, keys.count)
            while low < high {
                let middle = (low + high) / 2
                if keys[middle] > key { low = middle + 1 } else { high = middle }
            }
            if low < keys.count { between[low] += 1 }
        }
        var (rank, sum) = (0, 0.0)
        for (place, passed) in between.enumerated() {
            rank += passed
            sum += Double(place + 1) / Double(rank)
        }
        return sum / Double(keys.count)
    }
}
