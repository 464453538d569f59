import Foundation
import ImageData
import RandomStreams
import Testing

@Suite struct CropCacheTests {
    private func dataset(_ count: Int = 6) throws -> (TemporaryFolder, [DatasetItem]) {
        let folder = try TemporaryFolder()
        let items = try (0..<count).map { index in
            try folder.picture("\(index).png", index, width: 30 + index, height: 25)
            return DatasetItem(name: "\(index).png", source: .file(path: "\(folder.path)/\(index).png"), label: 0)
        }
        return (folder, items)
    }

    private let evaluation = ImageTransform.evaluation(resize: 20, crop: 16)

    private func load(_ items: [DatasetItem], _ crops: CropCache?, _ transform: ImageTransform? = nil) throws -> [Float] {
        let loader = BatchLoader(
            items: items, batches: [Array(items.indices)], transform: transform ?? evaluation, seed: 0, epoch: 0, threads: 2, crops: crops)
        return try #require(try loader.next()).pixels
    }

    private func entries(_ cache: CropCache) -> [String] {
        (FileManager.default.enumerator(atPath: cache.folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".crop") }.map { cache.folder + "/" + $0 }.sorted()
    }

    @Test func whatIsKeptIsGivenBackInTheNextProgram() throws {
        let (folder, items) = try dataset()
        let plain = try load(items, nil)
        let first = try CropCache(folder: folder.path + "/deep/crops")
        #expect(try load(items, first) == plain)
        #expect(first.current == CropCache.State(found: 0, damaged: 0, kept: 6, leftOut: 0, problem: nil))
        let second = try CropCache(folder: folder.path + "/deep/crops")
        #expect(try load(items, second) == plain)
        #expect(second.current == CropCache.State(found: 6, damaged: 0, kept: 0, leftOut: 0, problem: nil))
    }

    @Test func anotherTransformAndAnotherPictureAreAnotherEntry() throws {
        let (folder, items) = try dataset(2)
        let cache = try CropCache(folder: folder.path + "/crops")
        _ = try load(items, cache)
        let other = ImageTransform.evaluation(resize: 20, crop: 12)
        #expect(try load(items, cache, other) == load(items, nil, other))
        var fast = evaluation
        fast.decoding = .fast
        _ = try load(items, cache, fast)
        #expect(cache.current.kept == 6 && cache.current.found == 0)
        // Normalisation comes after: the same entry.
        var normalized = evaluation
        normalized.mean = [0.1, 0.2, 0.3]
        #expect(try load(items, cache, normalized) == load(items, nil, normalized))
        #expect(cache.current.found == 2)
        // The same name and size, other pixels.
        try folder.picture("0.png", 200, width: 30, height: 25)
        #expect(try load(items, cache) == load(items, nil))
        #expect(cache.current.kept == 7)
    }

    @Test func randomTransformsAreNotKept() throws {
        let (folder, items) = try dataset(2)
        let cache = try CropCache(folder: folder.path + "/crops")
        #expect(try load(items, cache, .training(crop: 8)) == load(items, nil, .training(crop: 8)))
        #expect(cache.current == CropCache.State())
    }

    @Test func damagedEntriesAreMadeAgain() throws {
        let (folder, items) = try dataset()
        let plain = try load(items, nil)
        _ = try load(items, CropCache(folder: folder.path + "/crops"))
        let cache = try CropCache(folder: folder.path + "/crops")
        for (number, path) in entries(cache).enumerated() {
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            switch number {
            case 0: bytes[bytes.count - 5] ^= 1  // a pixel
            case 1: bytes.removeLast()
            case 2: bytes = []
            case 3: for at in 8..<20 { bytes[at] = 0xFF }  // sizes beyond all measure
            case 4: bytes[40] ^= 1  // the key
            default: bytes[0] = 0
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        #expect(try load(items, cache) == plain)
        #expect(cache.current == CropCache.State(found: 0, damaged: 6, kept: 6, leftOut: 0, problem: nil))
        #expect(try load(items, cache) == plain)
        #expect(cache.current.found == 6)
    }

    /// The oldest go when the folder is opened; nothing else in it is touched.
    @Test func theFolderIsBounded() throws {
        let folder = try TemporaryFolder()
        let items = try (0..<8).map { index in
            try folder.picture("\(index).png", index, width: 400, height: 400)
            return DatasetItem(name: "\(index).png", source: .file(path: "\(folder.path)/\(index).png"), label: 0)
        }
        let large = ImageTransform.evaluation(resize: 300, crop: 300)  // 270,000 bytes each
        try folder.write("crops/ab/mine.txt", [1])
        let cache = try CropCache(folder: folder.path + "/crops", limit: 1 << 20)
        let plain = try load(items, nil, large)
        #expect(try load(items, cache, large) == plain)
        #expect(cache.current.kept == 3 && cache.current.leftOut == 5)
        // Within the limit nothing goes.
        #expect(entries(try CropCache(folder: folder.path + "/crops", limit: 1 << 20)).count == 3)
        let roomy = try CropCache(folder: folder.path + "/crops", limit: 1 << 30)
        #expect(try load(items, roomy, large) == plain)
        #expect(entries(roomy).count == 8)
        let oldest = try #require(entries(roomy).last)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: oldest)
        let small = try CropCache(folder: folder.path + "/crops", limit: 1 << 21)
        #expect(entries(small).count == 3 && !entries(small).contains(oldest))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/crops/ab/mine.txt"))
        #expect(try load(items, small, large) == plain)
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", [1])
        #expect(throws: ImageError.self) { try CropCache(folder: folder.path + "/file/crops") }
    }

    /// Two caches on one folder, as two programs have them, many readers and writers each.
    @Test func severalMayUseOneFolder() throws {
        let (folder, items) = try dataset(40)
        let plain = try load(items, nil)
        let caches = try (0..<2).map { _ in try CropCache(folder: folder.path + "/crops") }
        let wrong = Wrong()
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            if (try? load(items, caches[number % 2])) != plain { wrong.found() }
        }
        #expect(!wrong.isFound)
        #expect(caches.allSatisfy { $0.current.damaged == 0 && $0.current.problem == nil })
        withExtendedLifetime(folder) { #expect(entries(caches[0]).count == 40) }
    }
}

private final class Wrong: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    func found() { lock.withLock { value = true } }
    var isFound: Bool { lock.withLock { value } }
}
