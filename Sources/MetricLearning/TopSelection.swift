/// A similarity and an index in one integer whose order is "nearer first, then lower index": larger is better, and no two are equal.
struct NeighborKey: Comparable {
    let bits: UInt64

    init(similarity: Float, index: Int) {
        // The usual order-preserving map of float bits; adding zero turns -0 into 0, so that the two tie.
        let raw = (similarity + 0).bitPattern
        let ordered = raw & 0x8000_0000 == 0 ? raw | 0x8000_0000 : ~raw
        bits = UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: index))
    }

    var index: Int { Int(~UInt32(truncatingIfNeeded: bits)) }
    var similarity: Float {
        let ordered = UInt32(truncatingIfNeeded: bits >> 32)
        return Float(bitPattern: ordered & 0x8000_0000 == 0 ? ~ordered : ordered & 0x7FFF_FFFF)
    }

    static func < (a: NeighborKey, b: NeighborKey) -> Bool { a.bits < b.bits }
}

/// The k best of a stream of similarities. Candidates gather until the buffer is full; a partition then keeps the best
/// k and raises the bar, so that nearly all of the stream is turned away by one comparison.
struct TopSelection {
    private let keys: UnsafeMutablePointer<NeighborKey>
    private let capacity: Int
    private let k: Int
    private var count = 0
    /// What a similarity must reach; the k-th best of the last partition.
    private var bar = -Float.infinity

    init(keys: UnsafeMutablePointer<NeighborKey>, capacity: Int, k: Int) {
        (self.keys, self.capacity, self.k) = (keys, capacity, k)
    }

    /// Offers `count` finite values with indices from `start` on, except the item `leavingOut`.
    mutating func take(_ values: UnsafePointer<Float>, count valueCount: Int, from start: Int, leavingOut: Int) {
        var i = 0
        while i + 16 <= valueCount {
            let lanes = UnsafeRawPointer(values + i).loadUnaligned(as: SIMD16<Float>.self)
            if any(lanes .>= bar) {
                for place in i..<i + 16 { offer(values[place], start + place, leavingOut) }
            }
            i += 16
        }
        while i < valueCount {
            offer(values[i], start + i, leavingOut)
            i += 1
        }
    }

    private mutating func offer(_ value: Float, _ index: Int, _ leavingOut: Int) {
        guard value >= bar, index != leavingOut else { return }
        keys[count] = NeighborKey(similarity: value, index: index)
        count += 1
        if count == capacity { shrink() }
    }

    /// The best first; at most k of them.
    mutating func sorted() -> UnsafeBufferPointer<NeighborKey> {
        if count > k { shrink() }
        var found = UnsafeMutableBufferPointer(start: keys, count: count)
        found.sort(by: >)
        return UnsafeBufferPointer(found)
    }

    /// Quickselect: the best k come first, in any order.
    private mutating func shrink() {
        var (low, high) = (0, count - 1)
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
        count = k
        var worst = keys[0]
        for i in 1..<max(k, 1) where keys[i] < worst { worst = keys[i] }
        bar = worst.similarity
    }

    private func swap(_ i: Int, _ j: Int) {
        let key = keys[i]
        keys[i] = keys[j]
        keys[j] = key
    }
}
