internal import Foundation
internal import ImageData
internal import TensorEngine

/// Work was stopped at a safe point because someone asked; nothing is lost.
public struct StoppedEarly: Error, CustomStringConvertible, Sendable {
    public var description: String { "stopped" }
}

/// Turns pictures into unit rows, a batch at a time, decoding ahead.
struct Embedder {
    /// Pictures at a time: enough to keep every thread busy.
    static let batch = 64

    let engine: Engine
    let transform: ImageTransform
    let threads: Int
    let cache: ImageCache?
    /// Embeddings (B, E) of pictures (B, 3, H, W), unit rows.
    let embed: (_ images: Tensor) throws -> Tensor

    /// - Parameters:
    ///   - progress: called with the number of pictures done, and read between batches; false stops.
    /// - Returns: (items, E)
    /// - Throws: ``StoppedEarly`` when `progress` says so; `ImageError` naming a picture that cannot be read.
    func embeddings(of items: [DatasetItem], progress: (Int) -> Bool) throws -> Tensor {
        let batches = stride(from: 0, to: items.count, by: Self.batch).map { Array($0..<min($0 + Self.batch, items.count)) }
        let loader = BatchLoader(items: items, batches: batches, transform: transform, seed: 0, epoch: 0, threads: threads, cache: cache)
        defer { loader.cancel() }
        var values: [Float] = []
        var width = 0
        var done = 0
        while let batch = try reading(loader.next) {
            guard progress(done) else { throw StoppedEarly() }
            let images = try Tensor(batch.pixels, shape: [batch.count, 3, batch.height, batch.width])
            let rows = try embed(images)
            width = rows.width
            values.append(contentsOf: rows.array())
            done += batch.count
        }
        guard progress(done) else { throw StoppedEarly() }
        return try Tensor(values, shape: [items.count, width])
    }
}
