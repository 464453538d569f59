/// A similarity and an index in one integer whose order is "nearer first, then lower index": larger is better, and no two are equal.
package struct NeighborKey: Comparable {
    package let bits: UInt64

    /// Behind every other key.
    package static let none = NeighborKey(bits: 0)

    private init(bits: UInt64) { self.bits = bits }

    package init(similarity: Float, index: Int) {
        // The usual order-preserving map of float bits; adding zero turns -0 into 0, so that the two tie.
        let raw = (similarity + 0).bitPattern
        let ordered = raw & 0x8000_0000 == 0 ? raw | 0x8000_0000 : ~raw
        bits = UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: index))
    }

    package var index: Int { Int(~UInt32(truncatingIfNeeded: bits)) }
    package var similarity: Float {
        let ordered = UInt32(truncatingIfNeeded: bits >> 32)
        return Float(bitPattern: ordered & 0x8000_0000 == 0 ? ~ordered : ordered & 0x7FFF_FFFF)
    }

    package static func < (a: NeighborKey, b: NeighborKey) -> Bool { a.bits < b.bits }
}

/// For each of many rows the k best of a stream of similarities. Candidates gather until a row's buffer is full; a partition then
/// keeps the best k and raises the row's bar, so that nearly all of the stream is turned away by one comparison.
///
/// What is kept depends on what was offered, never on its order. A row is one thread's at a time.
package final class TopSelections {
    /// What a similarity must reach, for each row; the k-th best of its last partition.
    package let bars: UnsafeMutablePointer<Float>
    private let keys: UnsafeMutablePointer<NeighborKey>
    private let counts: UnsafeMutablePointer<Int>
    private let capacity: Int
    private let k: Int

    private static func capacity(k: Int) -> Int { k + max(k, 64) }
    /// Of the buffers.
    package static func bytes(rows: Int, k: Int) -> Int { rows * capacity(k: k) * MemoryLayout<NeighborKey>.stride }

    /// - Parameter k: 1 or more
    package init(rows: Int, k: Int) {
        self.k = k
        capacity = Self.capacity(k: k)
        keys = .allocate(capacity: rows * capacity)
        counts = .allocate(capacity: rows)
        counts.initialize(repeating: 0, count: rows)
        bars = .allocate(capacity: rows)
        bars.initialize(repeating: -.infinity, count: rows)
    }

    deinit {
        keys.deallocate()
        counts.deallocate()
        bars.deallocate()
    }

    package func offer(_ similarity: Float, _ index: Int, to row: Int) {
        guard similarity >= bars[row] else { return }
        keys[row * capacity + counts[row]] = NeighborKey(similarity: similarity, index: index)
        counts[row] += 1
        if counts[row] == capacity { shrink(row) }
    }

    /// The best of a row first; at most k of them.
    package func sorted(_ row: Int) -> UnsafeBufferPointer<NeighborKey> {
        if counts[row] > k { shrink(row) }
        var found = UnsafeMutableBufferPointer(start: keys + row * capacity, count: counts[row])
        found.sort(by: >)
        return UnsafeBufferPointer(found)
    }

    /// Quickselect: the best k come first, in any order.
    private func shrink(_ row: Int) {
        let keys = self.keys + row * capacity
        func swap(_ i: Int, _ j: Int) { (keys[i], keys[j]) = (keys[j], keys[i]) }
        var (low, high) = (0, counts[row] - 1)
        while low < high {
            let middle = low + (high - low) / 2
            if keys[middle] > keys[low] { swap(low, middle) }
            if keys[high] > keys[low] { swap(low, high) }
            if keys[high] > keys[middle] { swap(middle, high) }
            let pivot = keys[middle]
            var (i, j) = (low, high)
            while i <= j {
                while keys[i] > pivot { i += 1 }
                while keys[j] < pivot { j -= 1 }
                if i <= j {
                    swap(i, j)
                    i += 1
                    j -= 1
                }
            }
            if k - 1 <= j { high = j } else if k - 1 >= i { low = i } else { break }
        }
        counts[row] = k
        var worst = keys[0]
        for i in 1..<max(k, 1) where keys[i] < worst { worst = keys[i] }
        bars[row] = worst.similarity
    }
}
