internal import ImageData
internal import MetricLearning
internal import TensorEngine

/// Brings the batches of an epoch to a model's step: whole, or, to save memory, a micro-batch at a time.
///
/// With micro-batches no batch is ever held: 4,000 pictures of 224 x 224 are 2.4 GB as the network takes them and 0.6 GB
/// as bytes, more than all the rest of such a step. The second pass decodes and augments each picture again instead (it
/// comes out the same, because its random numbers are a function of seed, epoch and picture): some milliseconds a picture,
/// where the network takes hundreds. For the same reason decoded pictures are not kept between epochs.
final class EpochFeed {
    private let items: [DatasetItem]
    private let batches: [[Int]]
    private let pieces: [Range<Int>]
    private let microBatch: Int?
    private let loader: ([[Int]], [Range<Int>]) -> BatchLoader
    private let first: BatchLoader
    /// Of the second pass, made when a step asks for one.
    private var second: BatchLoader?
    private var position = 0

    /// - Parameters:
    ///   - batches: those that are still to come, indices into `items`
    ///   - microBatch: pictures at a time; nil for whole batches
    init(
        items: [DatasetItem], batches: [[Int]], microBatch: Int?, transform: ImageTransform, seed: UInt64, epoch: Int, threads: Int,
        cache: ImageCache
    ) {
        self.items = items
        self.batches = batches
        self.microBatch = microBatch
        let size = batches.first?.count ?? 0
        let pieces = MetricModel.microBatches(of: size, size: microBatch ?? size)
        self.pieces = pieces
        let kept = microBatch == nil ? cache : nil
        loader = { batches, pieces in
            BatchLoader(
                items: items, batches: batches, pieces: pieces, transform: transform, seed: seed, epoch: epoch, threads: threads, cache: kept)
        }
        first = loader(batches, pieces)
    }

    deinit { cancel() }

    /// Stops decoding.
    func cancel() {
        first.cancel()
        second?.cancel()
    }

    /// The model's step on the next batch; nil after the last one.
    /// - Throws: ``ExperimentError`` that names a picture that cannot be read.
    func step(_ model: MetricModel, place: BatchPlace, engine: Engine) throws -> MetricModel.Step? {
        guard position < batches.count else { return nil }
        defer { position += 1 }
        guard let microBatch else {
            let batch = try Self.take(first)
            return try model.step(images: batch.images, labels: batch.labels, place: place, engine: engine)
        }
        var asked = 0
        let labels = batches[position].map { items[$0].label }
        let step = try model.step(labels: labels, microBatch: microBatch, place: place, engine: engine) { _ in
            defer { asked += 1 }
            return try Self.take(asked < pieces.count ? first : again()).images
        }
        if asked == pieces.count {
            second?.cancel()
            second = nil
        }
        return step
    }

    private func again() -> BatchLoader {
        if let second { return second }
        let made = loader(Array(batches[position...]), pieces.dropLast())
        second = made
        return made
    }

    private static func take(_ loader: BatchLoader) throws -> (images: Tensor, labels: [Int]) {
        guard let batch = try reading(loader.next) else { throw ExperimentError(.running, "loading pictures was stopped within a step") }
        return (try Tensor(batch.pixels, shape: [batch.count, 3, batch.height, batch.width]), batch.labels)
    }
}
