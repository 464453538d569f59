import Foundation
internal import RandomStreams

/// Decodes and transforms the batches of an epoch ahead of their use, on its own threads.
///
///     let loader = BatchLoader(items: data.train, batches: batches, transform: .training(), seed: 0, epoch: 3, threads: 2)
///     while let batch = try loader.next() { ... }
///
/// The batches are the same whatever the number of threads: an image's random numbers are a function of seed, epoch and its
/// index in `items` (and of how often its batch has drawn it before), never of the batches before it. Errors come in the order of the batches: `next` throws the first
/// failing image of the first failing batch, after all batches before it. At most `ahead` batches are held.
/// `next` and `cancel` may be called from any one thread at a time.
public final class BatchLoader {
    private let queue: BatchQueue

    /// - Parameters:
    ///   - batches: indices into `items`.
    ///   - threads: at least 1 is used.
    ///   - cache: decoded pictures shared between epochs, or none.
    ///   - crops: on disk, what the transform made of pictures in earlier passes and programs, or none.
    ///   - ahead: batches decoded but not yet asked for, at least 1.
    public convenience init(
        items: [DatasetItem], batches: [[Int]], transform: ImageTransform, seed: UInt64, epoch: Int, threads: Int,
        cache: ImageCache? = nil, crops: CropCache? = nil, ahead: Int = 3
    ) {
        self.init(
            items: items, draws: batches.map(ImageDraw.draws), transform: transform, seed: seed, epoch: epoch, threads: threads, cache: cache,
            crops: crops, ahead: ahead)
    }

    /// The batches in pieces, each given as a batch of its own with the very pixels it has in its batch.
    /// - Parameter pieces: ranges of each batch, in the order in which they are asked for.
    public convenience init(
        items: [DatasetItem], batches: [[Int]], pieces: [Range<Int>], transform: ImageTransform, seed: UInt64, epoch: Int, threads: Int,
        cache: ImageCache? = nil, crops: CropCache? = nil, ahead: Int = 3
    ) {
        let draws = batches.flatMap { batch in
            let whole = ImageDraw.draws(of: batch)
            return pieces.map { Array(whole[$0.clamped(to: whole.indices)]) }
        }
        self.init(
            items: items, draws: draws, transform: transform, seed: seed, epoch: epoch, threads: threads, cache: cache, crops: crops, ahead: ahead)
    }

    private init(
        items: [DatasetItem], draws: [[ImageDraw]], transform: ImageTransform, seed: UInt64, epoch: Int, threads: Int, cache: ImageCache?,
        crops: CropCache?, ahead: Int
    ) {
        queue = BatchQueue(
            items: items, batches: draws, reader: PictureReader(transform: transform, cache: cache, crops: crops), seed: seed, epoch: epoch, ahead: max(1, ahead))
        queue.start(threads: max(1, threads))
    }

    /// The next batch, or nil after the last one or after `cancel`.
    /// - Throws: `ImageError` that names the image: unreadable, vanished, or of another size than its batch. The loader is
    ///   cancelled then.
    public func next() throws -> ImageBatch? {
        do {
            return try queue.take()
        } catch {
            queue.cancel()
            throw error
        }
    }

    /// Stops the threads, at the latest when each has finished its image, and waits for them.
    public func cancel() { queue.cancel() }

    deinit { queue.cancel() }
}
