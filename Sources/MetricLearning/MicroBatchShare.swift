internal import MessagePassing

/// Who computes which micro-batches of a batch.
public enum MicroBatchShare {
    /// 0..<count in runs of `size`, the first one shorter where it does not divide.
    public static func microBatches(of count: Int, size: Int) -> [Range<Int>] {
        guard count > 0, size > 0 else { return [] }
        let pieces = (count - 1) / size + 1
        let short = count - (pieces - 1) * size
        return [0..<short] + (1..<pieces).map { short + ($0 - 1) * size..<short + $0 * size }
    }

    /// The micro-batches of a process: neighbours, as many as the others' or one more. The first process always has one.
    public static func range(of microBatches: Int, rank: Int, count: Int) -> Range<Int> {
        func start(_ rank: Int) -> Int { (rank * microBatches + count - 1) / count }
        return start(rank)..<start(rank + 1)
    }
}
