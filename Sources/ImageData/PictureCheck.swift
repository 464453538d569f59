import Foundation

/// Which files of a data set are no pictures.
enum PictureCheck {
    enum Thoroughness {
        /// A file is there.
        case presence
        /// It begins as a picture.
        case header
        /// It can be decoded.
        case decoding
    }

    struct Failure {
        /// In the list of files.
        let index: Int
        let reason: String
    }

    /// The files that fail, in the order given. Paths are relative to `root`, or absolute.
    static func failures(in files: [String], root: String, by thoroughness: Thoroughness, threads: Int) -> [Failure] {
        let reasons = Reasons()
        let chunk = thoroughness == .presence ? 1024 : 1
        WorkerThreads.run(count: (files.count + chunk - 1) / chunk, threads: threads) { part in
            for index in part * chunk..<min((part + 1) * chunk, files.count) {
                do {
                    let path = path(files[index], root: root)
                    switch thoroughness {
                    case .presence: try FileBytes.checkPresence(path: path)
                    case .header: try checkHeader(path)
                    case .decoding: _ = try ImageDecoder.decode(path: path)
                    }
                } catch {
                    reasons.set(index, (error as? ImageError)?.reason ?? "\(error)")
                }
            }
        }
        return reasons.all()
    }

    static func path(_ file: String, root: String) -> String { file.hasPrefix("/") ? file : root + "/" + file }

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
        func all() -> [Failure] {
            lock.withLock { found.sorted { $0.key < $1.key }.map { Failure(index: $0.key, reason: $0.value) } }
        }
    }
}
