import Foundation
import ImageData
import Testing

struct BatchLoaderTests {
    private func dataset(_ count: Int = 12) throws -> (TemporaryFolder, [DatasetItem]) {
        let folder = try TemporaryFolder()
        let items = try (0..<count).map { index in
            try folder.picture("\(index).png", index, width: 20 + index, height: 25)
            return DatasetItem(name: "\(index).png", source: .file(path: "\(folder.path)/\(index).png"), label: index / 3)
        }
        return (folder, items)
    }

    private func drain(_ loader: BatchLoader) throws -> [ImageBatch] {
        var batches: [ImageBatch] = []
        while let batch = try loader.next() { batches.append(batch) }
        return batches
    }

    private let order = [[3, 1, 2], [11, 0, 5], [], [7, 7, 8], [4], [9, 10, 6]]

    @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        func load(threads: Int, epoch: Int = 2, seed: UInt64 = 5, cache: ImageCache? = nil) throws -> [ImageBatch] {
            try drain(BatchLoader(
                items: items, batches: order, transform: .training(crop: 16), seed: seed, epoch: epoch, threads: threads, cache: cache))
        }
        let one = try load(threads: 1)
        #expect(one.map(\.indices) == order)
        #expect(one.map(\.labels) == order.map { $0.map { $0 / 3 } })
        #expect(one.allSatisfy { $0.pixels.count == $0.count * 3 * 16 * 16 && ($0.count == 0 || ($0.height == 16 && $0.width == 16)) })
        let cache = ImageCache(limit: 5000)  // room for some
        for threads in [2, 4] {
            #expect(try load(threads: threads).map(\.pixels) == one.map(\.pixels))
            #expect(try load(threads: threads, cache: cache).map(\.pixels) == one.map(\.pixels))
        }
        #expect(try load(threads: 2, epoch: 3)[0].pixels != one[0].pixels)
        #expect(try load(threads: 2, seed: 6)[0].pixels != one[0].pixels)
    }

    @Test func anImageDrawnTwiceGetsTwoCrops() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        let batch = try #require(try BatchLoader(
            items: items, batches: [[7, 7]], transform: .training(crop: 16), seed: 1, epoch: 0, threads: 2).next())
        #expect(batch.pixels[..<768] != batch.pixels[768...])
    }

    /// Pieces of a batch have its very pixels, those of an image drawn twice too, and can be asked for again.
    @Test func piecesAreTheBatch() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        let batches = [[7, 7, 8, 7], [1, 2, 3, 4]]
        let whole = try drain(BatchLoader(items: items, batches: batches, transform: .training(crop: 16), seed: 1, epoch: 0, threads: 2))
        let pieces = try drain(BatchLoader(
            items: items, batches: batches, pieces: [0..<1, 1..<3, 3..<4, 0..<1], transform: .training(crop: 16), seed: 1, epoch: 0, threads: 2))
        #expect(pieces.map(\.count) == [1, 2, 1, 1, 1, 2, 1, 1])
        for (batch, parts) in [(whole[0], pieces[..<4]), (whole[1], pieces[4...])] {
            #expect(parts.dropLast().flatMap(\.pixels) == batch.pixels)
            #expect(parts.dropLast().flatMap(\.indices) == batch.indices)
            #expect(parts.last?.pixels == parts.first?.pixels)
        }
    }

    @Test func laterBatchesDoNotDependOnEarlierOnes() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        func load(_ batches: [[Int]]) throws -> [ImageBatch] {
            try drain(BatchLoader(items: items, batches: batches, transform: .training(crop: 16), seed: 1, epoch: 4, threads: 2))
        }
        #expect(try load(order).last?.pixels == load([order[5]]).first?.pixels)
    }

    @Test(arguments: [1, 2, 4])
    func errorsComeInOrder(_ threads: Int) throws {
        let (folder, items) = try dataset()
        try folder.remove("5.png")
        try folder.write("0.png", Array("not a picture at all".utf8))
        try folder.remove("9.png")
        let loader = BatchLoader(items: items, batches: order, transform: .training(crop: 16), seed: 1, epoch: 0, threads: threads)
        #expect(try loader.next()?.indices == [3, 1, 2])
        let error = #expect(throws: ImageError.self) { try loader.next() }
        #expect(error?.name.hasSuffix("0.png") == true, "of the batch 11, 0, 5 the second image is the first to fail")
        #expect(try loader.next() == nil)
    }

    @Test func aVanishedImageIsNamed() throws {
        let (folder, items) = try dataset()
        try folder.remove("4.png")
        let loader = BatchLoader(items: items, batches: [[4]], transform: .evaluation(), seed: 1, epoch: 0, threads: 1)
        let error = #expect(throws: ImageError.self) { try loader.next() }
        #expect(error?.description == "\(folder.path)/4.png: no such file")
    }

    @Test func picturesAsTheyAreMustBeOfOneSize() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        let loader = BatchLoader(items: items, batches: [[2], [2, 3]], transform: .none, seed: 1, epoch: 0, threads: 2)
        #expect(try loader.next()?.width == 22)
        let error = #expect(throws: ImageError.self) { try loader.next() }
        #expect(error?.name == "3.png")
        #expect(error?.reason.contains("23 x 25") == true)
    }

    @Test func refusesAnIndexThatIsNotThere() throws {
        let (folder, items) = try dataset(2)
        defer { withExtendedLifetime(folder) {} }
        let loader = BatchLoader(items: items, batches: [[0, 9]], transform: .none, seed: 1, epoch: 0, threads: 1)
        #expect(throws: ImageError.self) { try loader.next() }
    }

    @Test func cancelsAndLeavesNoThread() throws {
        let (folder, items) = try dataset()
        defer { withExtendedLifetime(folder) {} }
        let before = threadCount()
        for round in 0..<10 {
            let batches = (0..<500).map { _ in [0, 1, 2, 3] }
            let loader = BatchLoader(items: items, batches: batches, transform: .training(crop: 16), seed: 1, epoch: 0, threads: 4)
            if round % 2 == 0 { _ = try loader.next() }
            if round % 3 == 0 {
                loader.cancel()
                #expect(try loader.next() == nil)
            }
        }
        // A thread that has left its loop needs a moment to end.
        for _ in 0..<100 where threadCount() > before { usleep(10_000) }
        #expect(threadCount() <= before)
    }

    private func threadCount() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
    }
}
