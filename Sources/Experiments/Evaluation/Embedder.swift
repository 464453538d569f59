internal import Foundation
internal import ImageData
internal import MessagePassing
internal import MetricLearning
internal import TensorEngine

/// Work was stopped at a safe point because someone asked; nothing is lost.
public struct StoppedEarly: Error, CustomStringConvertible, Sendable {
    public var description: String { "stopped" }
}

/// Turns pictures into rows of one kind or several, a batch at a time, decoding ahead. Several processes share the batches,
/// which stay the same, and all get all rows.
struct Embedder {
    /// Pictures at a time: enough to keep every thread busy.
    static let batch = 64

    let engine: Engine
    let transform: ImageTransform
    let threads: Int
    let cache: ImageCache?
    let crops: CropCache?
    let group: ProcessGroup?
    /// For pictures (B, 3, H, W) one tensor (B, E) a kind.
    let embed: (_ images: Tensor) throws -> [Tensor]

    /// - Parameters:
    ///   - progress: called with the number of pictures done, and read between batches, as often by each process; false stops.
    /// - Returns: (items, E) for each kind
    /// - Throws: ``StoppedEarly`` when `progress` says so; `ImageError` naming a picture that cannot be read.
    func embeddings(of items: [DatasetItem], progress: (Int) -> Bool) throws -> [Tensor] {
        let batches = stride(from: 0, to: items.count, by: Self.batch).map { Array($0..<min($0 + Self.batch, items.count)) }
        let shares = (0..<(group?.count ?? 1)).map { MicroBatchShare.range(of: batches.count, rank: $0, count: group?.count ?? 1) }
        let own = shares[group?.rank ?? 0]
        let loader = BatchLoader(items: items, batches: Array(batches[own]), transform: transform, seed: 0, epoch: 0, threads: threads, cache: cache, crops: crops)
        defer { loader.cancel() }
        var results: [Tensor] = []
        for round in 0..<(shares.map(\.count).max() ?? 0) {
            guard progress(min(round * shares.count * Self.batch, items.count)) else { throw StoppedEarly() }
            guard round < own.count, let batch = try reading(loader.next) else { continue }
            let images = try Tensor(batch.pixels, shape: [batch.count, 3, batch.height, batch.width])
            let kinds = try embed(images)
            if results.isEmpty { results = kinds.map { Tensor(uninitialized: [items.count, $0.width]) } }
            let start = (own.lowerBound + round) * Self.batch
            for (rows, result) in zip(kinds, results) { try result.rows(start..<start + batch.count).pointer.update(from: rows.pointer, count: rows.count) }
        }
        if let group { results = try completed(results, of: items.count, batches: shares, group: group) }
        guard progress(items.count) else { throw StoppedEarly() }
        return results
    }

    /// Brings the rows that other processes have made.
    private func completed(_ own: [Tensor], of count: Int, batches shares: [Range<Int>], group: ProcessGroup) throws -> [Tensor] {
        // The first process has a batch even where others have none.
        let widths = try JSONFile.decode([Int].self, from: group.broadcast(try JSONFile.encode(own.map(\.width))), name: "what the first process says")
        let results = own.isEmpty ? widths.map { Tensor(uninitialized: [count, $0]) } : own
        for (result, width) in zip(results, widths) {
            try group.complete(
                result.pointer,
                ranges: shares.map { min($0.lowerBound * Self.batch, count) * width..<min($0.upperBound * Self.batch, count) * width })
        }
        return results
    }
}
