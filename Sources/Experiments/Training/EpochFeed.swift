internal import ImageData
internal import MessagePassing
internal import MetricLearning
internal import TensorEngine
internal import VisionTransformers

/// Brings the batches of an epoch to a model's step, a micro-batch at a time; of several processes each decodes its own.
///
/// With `memory=low` no batch is ever held: 4,000 pictures of 224 x 224 are 2.4 GB as the network takes them and 0.6 GB
/// as bytes, more than all the rest of such a step. Where the way back wants them it decodes and augments each picture again (it
/// comes out the same, because its random numbers are a function of seed, epoch and picture): some milliseconds a picture,
/// where the network takes hundreds. For the same reason decoded pictures are not kept between epochs.
final class EpochFeed {
    private let items: [DatasetItem]
    private let batches: [[Int]]
    private let pieces: [Range<Int>]
    private let options: TrainingOptions
    private let group: ProcessGroup?
    private let inputs: BlockInputFile?
    private let loader: ([[Int]], [Range<Int>]) -> BatchLoader
    private let first: BatchLoader
    /// Of the way back, made when a step asks for one.
    private var second: BatchLoader?
    private var position = 0

    /// Batches that are decoded ahead; with `memory=low` it is a micro-batch.
    private static let ahead = 3

    /// - Parameters:
    ///   - batches: those that are still to come, indices into `items`, all of the size that the options have
    ///   - inputs: for what enters the network's blocks, with `memory=low`
    init(
        items: [DatasetItem], batches: [[Int]], options: TrainingOptions, group: ProcessGroup?, inputs: BlockInputFile?, transform: ImageTransform,
        seed: UInt64, epoch: Int, threads: Int, cache: ImageCache
    ) {
        (self.items, self.batches, self.options, self.group, self.inputs) = (items, batches, options, group, inputs)
        let all = MicroBatchShare.microBatches(of: batches.first?.count ?? 0, size: options.microBatchSize)
        let pieces = group.map { Array(all[MicroBatchShare.range(of: all.count, rank: $0.rank, count: $0.count)]) } ?? all
        self.pieces = pieces
        let (kept, ahead) = inputs != nil ? (nil, 1) : (cache, Self.ahead * max(pieces.count, 1))
        loader = { batches, pieces in
            BatchLoader(
                items: items, batches: batches, pieces: pieces, transform: transform, seed: seed, epoch: epoch, threads: threads, cache: kept, ahead: ahead)
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
        var asked = 0
        let labels = batches[position].map { items[$0].label }
        let step = try model.step(
            labels: labels, microBatch: min(options.microBatchSize, labels.count), inputs: inputs, place: place, group: group, engine: engine
        ) { _ in
            defer { asked += 1 }
            return try Self.take(asked < pieces.count ? first : again())
        }
        if asked == pieces.count {
            second?.cancel()
            second = nil
        }
        return step
    }

    private func again() -> BatchLoader {
        if let second { return second }
        let made = loader(Array(batches[position...]), pieces)
        second = made
        return made
    }

    private static func take(_ loader: BatchLoader) throws -> Tensor {
        guard let batch = try reading(loader.next) else { throw ExperimentError(.running, "loading pictures was stopped within a step") }
        return try Tensor(batch.pixels, shape: [batch.count, 3, batch.height, batch.width])
    }
}
