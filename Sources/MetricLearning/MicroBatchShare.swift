internal import MessagePassing

/// Who computes which micro-batches of a batch.
public enum MicroBatchShare {
    /// 0..<count in runs of `size`, the last one shorter where it does not divide.
    public static func microBatches(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: max(size, 1)).map { $0..<min($0 + max(size, 1), count) }
    }

    /// The micro-batches of a process: neighbours, as many as the others' or one more. The first process always has one.
    public static func range(of microBatches: Int, rank: Int, count: Int) -> Range<Int> {
        func start(_ rank: Int) -> Int { (rank * microBatches + count - 1) / count }
        return start(rank)..<start(rank + 1)
    }
}
