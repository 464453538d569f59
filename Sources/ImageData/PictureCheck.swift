import Foundation

/// Which files of a data set are no pictures.
enum PictureCheck {
    /// The files below `root` that fail, in the order given: by their header, or by a full decoding when `decoding`.
    static func failures(in files: [String], root: String, decoding: Bool, threads: Int) -> [ImageDataset.SkippedFile] {
        let reasons = Reasons()
        WorkerThreads.run(count: files.count, threads: threads) { index in
            let path = root + "/" + files[index]
            do {
                if decoding {
                    _ = try ImageDecoder.decode(path: path)
                } else {
                    try checkHeader(path)
                }
            } catch {
                reasons.set(index, (error as? ImageError)?.reason ?? "\(error)")
            }
        }
        return reasons.all().map { ImageDataset.SkippedFile(name: files[$0.index], reason: $0.reason) }
    }

    /// Most headers lie in the first 64 KiB; a long EXIF block or a hopeless file costs a second reading.
    private static func checkHeader(_ path: String) throws {
        let beginning = try FileBytes.contents(path: path, prefix: 1 << 16)
        if (try? ImageDecoder.size(beginning, name: path)) == nil {
            _ = try ImageDecoder.size(FileBytes.contents(path: path), name: path)
        }
    }

    private final class Reasons: @unchecked Sendable {
        private let lock = NSLock()
        private var found: [Int: String] = [:]

        func set(_ index: Int, _ reason: String) { lock.withLock { found[index] = reason } }
        func all() -> [(index: Int, reason: String)] {
            lock.withLock { found.sorted { $0.key < $1.key }.map { (index: $0.key, reason: $0.value) } }
        }
    }
}
