import Foundation
internal import RandomStreams

/// What the threads of a `BatchLoader` share: images go out in order, batches come back in order.
final class BatchQueue: @unchecked Sendable {
    /// The images of one batch, as they come in.
    private struct Slot {
        var results: [Result<ImagePlanes, any Error>?]
        var missing: Int
    }

    private let items: [DatasetItem]
    private let batches: [[ImageDraw]]
    private let reader: PictureReader
    private let seed: UInt64
    private let epoch: Int
    private let ahead: Int

    private let condition = NSCondition()
    // All below are read and written under `condition` only.
    private var slots: [Int: Slot] = [:]
    private var nextBatch = 0  // of the next image to hand out
    private var nextPosition = 0
    private var taken = 0  // batches given to the caller
    private var liveThreads = 0
    private var isCancelled = false

    init(
        items: [DatasetItem], batches: [[ImageDraw]], reader: PictureReader, seed: UInt64, epoch: Int, ahead: Int
    ) {
        self.items = items
        self.batches = batches
        self.reader = reader
        self.seed = seed
        self.epoch = epoch
        self.ahead = ahead
    }

    func start(threads: Int) {
        liveThreads = threads
        for _ in 0..<threads {
            WorkerThreads.start { [self] in
                while let (batch, position) = claim() { deliver(load(batch, position), batch, position) }
                condition.withLock {
                    liveThreads -= 1
                    condition.broadcast()
                }
            }
        }
    }

    /// Waits for the next batch. nil after the last one.
    func take() throws -> ImageBatch? {
        condition.lock()
        while !isCancelled, taken < batches.count, !(slots[taken]?.missing == 0 || batches[taken].isEmpty) { condition.wait() }
        guard !isCancelled, taken < batches.count else {
            condition.unlock()
            return nil
        }
        let indices = batches[taken]
        let results = slots.removeValue(forKey: taken)?.results ?? []
        taken += 1
        condition.broadcast()
        condition.unlock()
        return try assemble(results.compactMap { $0 }, indices: indices.map(\.index))
    }

    func cancel() {
        condition.lock()
        isCancelled = true
        condition.broadcast()
        while liveThreads > 0 { condition.wait() }
        slots.removeAll()
        condition.unlock()
    }

    /// The next image to load, waiting while enough batches are ready; nil when there is no more to do.
    private func claim() -> (batch: Int, position: Int)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            while nextBatch < batches.count, nextPosition == batches[nextBatch].count {
                nextBatch += 1
                nextPosition = 0
            }
            if isCancelled || nextBatch == batches.count { return nil }
            if nextBatch < taken + ahead { break }
            condition.wait()
        }
        if nextPosition == 0 {
            let count = batches[nextBatch].count
            slots[nextBatch] = Slot(results: Array(repeating: nil, count: count), missing: count)
        }
        nextPosition += 1
        return (nextBatch, nextPosition - 1)
    }

    private func deliver(_ result: Result<ImagePlanes, any Error>, _ batch: Int, _ position: Int) {
        condition.withLock {
            slots[batch]?.results[position] = result
            slots[batch]?.missing -= 1
            condition.broadcast()
        }
    }

    private func load(_ batch: Int, _ position: Int) -> Result<ImagePlanes, any Error> {
        Result {
            let draw = batches[batch][position]
            let index = draw.index
            guard items.indices.contains(index) else {
                throw ImageError(name: "batch \(batch)", reason: "index \(index) is not among the \(items.count) images")
            }
            let item = items[index]
            var stream = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, item: index &+ draw.repetition << 24)
            return try reader.planes(of: item, stream: &stream)
        }
    }

    private func assemble(_ results: [Result<ImagePlanes, any Error>], indices: [Int]) throws -> ImageBatch {
        let planes = try results.map { try $0.get() }
        let height = planes.first?.height ?? 0, width = planes.first?.width ?? 0
        for (index, image) in zip(indices, planes) where image.height != height || image.width != width {
            throw ImageError(
                name: items[index].name, reason: "\(image.width) x \(image.height) pixels, but the batch's first is \(width) x \(height)",
                help: "`augment paper` or `augment crop` makes pictures of one size")
        }
        let size = 3 * height * width
        let pixels = [Float](unsafeUninitializedCapacity: planes.count * size) { output, count in
            for (place, image) in planes.enumerated() { _ = output[(place * size)...].update(fromContentsOf: image.values) }
            count = planes.count * size
        }
        return ImageBatch(pixels: pixels, height: height, width: width, labels: indices.map { items[$0].label }, indices: indices)
    }
}
