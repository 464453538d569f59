internal import Foundation
internal import ImageData
internal import TensorEngine

/// Work was stopped at a safe point because someone asked; nothing is lost.
public struct StoppedEarly: Error, CustomStringConvertible, Sendable {
    public var description: String { "stopped" }
}

/// Turns pictures into rows of one kind or several, a batch at a time, decoding ahead.
struct Embedder {
    /// Pictures at a time: enough to keep every thread busy.
    static let batch = 64

    let engine: Engine
    let transform: ImageTransform
    let threads: Int
    let cache: ImageCache?
    let crops: CropCache?
    /// For pictures (B, 3, H, W) one tensor (B, E) a kind.
    let embed: (_ images: Tensor) throws -> [Tensor]

    /// - Parameters:
    ///   - progress: called with the number of pictures done, and read between batches; false stops.
    /// - Returns: (items, E) for each kind
    /// - Throws: ``StoppedEarly`` when `progress` says so; `ImageError` naming a picture that cannot be read.
    func embeddings(of items: [DatasetItem], progress: (Int) -> Bool) throws -> [Tensor] {
        let batches = stride(from: 0, to: items.count, by: Self.batch).map { Array($0..<min($0 + Self.batch, items.count)) }
        let loader = BatchLoader(items: items, batches: batches, transform: transform, seed: 0, epoch: 0, threads: threads, cache: cache, crops: crops)
        defer { loader.cancel() }
        var results: [Tensor] = []
        var done = 0
        while let batch = try reading(loader.next) {
            guard progress(done) else { throw StoppedEarly() }
            let images = try Tensor(batch.pixels, shape: [batch.count, 3, batch.height, batch.width])
            let kinds = try embed(images)
            if results.isEmpty { results = kinds.map { Tensor(uninitialized: [items.count, $0.width]) } }
            for (rows, result) in zip(kinds, results) { try result.rows(done..<done + batch.count).pointer.update(from: rows.pointer, count: rows.count) }
            done += batch.count
        }
        guard progress(done) else { throw StoppedEarly() }
        return results
    }
}
