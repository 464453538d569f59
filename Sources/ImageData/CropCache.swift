import Foundation
import Synchronization

/// What evaluation makes of pictures, kept in a folder between passes and programs: reading it back takes a fraction of the time of
/// decoding and scaling. Any number of threads and processes may use one folder.
///
/// An entry is found by all that it depends on: path, size, inode and times of the picture's file, and the transform. It is written under
/// another name and renamed, and carries a checksum: a damaged or half-written one counts as not there and is written again. What
/// is kept never changes a result, only its time.
public final class CropCache: @unchecked Sendable {
    /// Path of the folder.
    public let folder: String
    /// Most bytes in it. A process that opens the folder first removes the entries that were used longest ago until half of that is free
    /// again, where more than the limit is there; what goes beyond the limit after that is not kept.
    public let limit: Int

    private let lock = NSLock()
    private var used = 0
    /// Entries that this process has begun to write: several caches may lie on one folder.
    private static let written = Atomic<Int>(0)
    private var state = State()

    /// What became of the pictures asked for so far.
    public struct State: Equatable, Sendable {
        /// Entries that were found, and those that were found damaged.
        public var found = 0, damaged = 0
        /// Entries that were written, and those that the limit kept out.
        public var kept = 0, leftOut = 0
        /// Why nothing is written any more, as when the disk is full.
        public var problem: String?

        package init(found: Int = 0, damaged: Int = 0, kept: Int = 0, leftOut: Int = 0, problem: String? = nil) {
            (self.found, self.damaged, self.kept, self.leftOut, self.problem) = (found, damaged, kept, leftOut, problem)
        }
    }

    public var current: State { lock.withLock { state } }

    /// Makes the folder where it is not there.
    /// - Parameter limit: bytes, 1 MiB or more
    /// - Throws: `ImageError` when it cannot be made or written to.
    public init(folder: String, limit: Int = 16 << 30) throws {
        self.folder = folder
        self.limit = max(limit, 1 << 20)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ImageError(name: folder, reason: "cannot be made: \(String(cString: strerror(errno)))", help: "cache= takes a folder to write to")
        }
        guard access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw ImageError(name: folder, reason: "cannot be written to: \(String(cString: strerror(errno)))", help: "cache= takes a folder to write to")
        }
        used = makeRoom()
    }

    // MARK: Entries

    /// Where the transform of a picture's file, as it is now, has its entry.
    struct Place {
        let path: String
        /// All that the entry depends on.
        let key: [UInt8]
    }

    /// nil where there is no such file: reading it says why.
    func place(of file: String, transform: ImageTransform) -> Place? {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        let path = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        let key = Array(
            """
            \(path)
            \(status.st_size) \(status.st_dev) \(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)
            \(transform.geometry) \(transform.interpolation) \(transform.flipProbability) \(transform.decoding)
            """.utf8)
        var hash = ContentHash()
        key.withUnsafeBytes { hash.add($0) }
        let digits = hash.digits
        return Place(path: "\(folder)/\(digits.prefix(2))/\(digits)\(Self.ending)", key: key)
    }

    func picture(at place: Place) -> RGBImage? {
        let descriptor = open(place.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, let length = Int(exactly: status.st_size), length <= Self.largest else { return nil }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length, let base = buffer.baseAddress {
                let got = read(descriptor, base + count, length - count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
            isWhole = count == length
        }
        guard isWhole, let picture = CropEntry.picture(bytes, key: place.key) else {
            lock.withLock { state.damaged += 1 }
            return nil
        }
        // Entries are told apart by when they were used last, to the day.
        if status.st_mtim.tv_sec < time(nil) - 86_400 { futimens(descriptor, nil) }
        lock.withLock { state.found += 1 }
        return picture
    }

    func keep(_ picture: RGBImage, at place: Place) {
        let bytes = CropEntry.bytes(picture, key: place.key)
        let isWanted = lock.withLock {
            guard state.problem == nil else { return false }
            guard used + bytes.count <= limit else {
                state.leftOut += 1
                return false
            }
            used += bytes.count
            return true
        }
        guard isWanted else { return }
        let subfolder = (place.path as NSString).deletingLastPathComponent
        mkdir(subfolder, 0o777)
        let temporary = "\(subfolder)/\(getpid())-\(Self.written.add(1, ordering: .relaxed).newValue)\(Self.temporaryEnding)"
        let failure = Self.write(bytes, to: temporary) ?? (rename(temporary, place.path) == 0 ? nil : errno)
        if failure != nil { unlink(temporary) }
        lock.withLock {
            if let failure {
                used -= bytes.count
                state.problem = "\(folder): \(failure == ENOSPC || failure == EDQUOT ? "the disk is full" : String(cString: strerror(failure)))"
            } else {
                state.kept += 1
            }
        }
    }

    /// nil, or the number of the error.
    private static func write(_ bytes: [UInt8], to path: String) -> Int32? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return errno }
        let failure: Int32? = bytes.withUnsafeBytes { raw in
            var done = 0
            while done < raw.count, let base = raw.baseAddress {
                let wrote = Glibc.write(descriptor, base + done, raw.count - done)
                if wrote < 0, errno == EINTR { continue }
                guard wrote > 0 else { return wrote < 0 ? errno : ENOSPC }
                done += wrote
            }
            return nil
        }
        return close(descriptor) == 0 ? failure : failure ?? errno
    }

    // MARK: Room

    private static let ending = ".crop", temporaryEnding = ".crop-tmp"
    /// No entry is larger.
    private static let largest = 1 << 30

    private struct Entry {
        let path: String
        let size: Int
        let usedAt: Int
    }

    /// Bytes of the entries, after what is too much of them is gone. Only files that this wrote are looked at.
    private func makeRoom() -> Int {
        var entries: [Entry] = []
        let now = time(nil)
        for subfolder in (0..<256).map({ folder + "/" + (String($0 >> 4, radix: 16)) + String($0 & 15, radix: 16) }) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: subfolder)) ?? [] {
                let path = subfolder + "/" + name
                var status = stat()
                guard name.hasSuffix(Self.ending) || name.hasSuffix(Self.temporaryEnding), lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                if name.hasSuffix(Self.ending) {
                    entries.append(Entry(path: path, size: Int(status.st_size), usedAt: status.st_mtim.tv_sec))
                } else if status.st_mtim.tv_sec < now - 3_600 {
                    unlink(path)  // of a process that was killed
                }
            }
        }
        var total = entries.reduce(0) { $0 + $1.size }
        guard total > limit else { return total }
        for entry in entries.sorted(by: { ($0.usedAt, $0.path) < ($1.usedAt, $1.path) }) where total > limit / 2 {
            if unlink(entry.path) == 0 || errno == ENOENT { total -= entry.size }
        }
        return total
    }
}

/// The bytes of an entry: a mark, length of the key, width and height as 32-bit numbers, a checksum of all that follows it and of these
/// three, the key, the pixels. Numbers are little-endian.
private enum CropEntry {
    private static let mark = Array("VPSCROP1".utf8)
    private static let head = mark.count + 12 + 8

    static func bytes(_ picture: RGBImage, key: [UInt8]) -> [UInt8] {
        let sizes = [key.count, picture.width, picture.height].flatMap { little(UInt32($0)) }
        return mark + sizes + little(checksum(sizes, key, picture.pixels[...])) + key + picture.pixels
    }

    /// nil for anything but a whole entry of this key.
    static func picture(_ bytes: [UInt8], key: [UInt8]) -> RGBImage? {
        guard bytes.count > head, Array(bytes[..<mark.count]) == mark else { return nil }
        let number = { (at: Int) in (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        let (width, height) = (number(mark.count + 4), number(mark.count + 8))
        guard number(mark.count) == key.count, 1...Resampler.maximumSide ~= width, 1...Resampler.maximumSide ~= height,
            bytes.count == head + key.count + 3 * width * height, Array(bytes[head..<head + key.count]) == key
        else { return nil }
        let pixels = bytes[(head + key.count)...]
        let sum = little(checksum(Array(bytes[mark.count..<mark.count + 12]), key, pixels))
        guard Array(bytes[mark.count + 12..<head]) == sum else { return nil }
        return RGBImage(width: width, height: height, pixels: Array(pixels))
    }

    private static func checksum(_ sizes: [UInt8], _ key: [UInt8], _ pixels: ArraySlice<UInt8>) -> UInt64 {
        var hash = ContentHash()
        sizes.withUnsafeBytes { hash.add($0) }
        key.withUnsafeBytes { hash.add($0) }
        pixels.withUnsafeBytes { hash.add($0) }
        return hash.value
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}
