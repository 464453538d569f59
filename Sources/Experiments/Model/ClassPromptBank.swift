internal import Foundation
internal import MetricLearning
internal import TensorFiles

/// Class prompts on disk (`proxies … update=touched`): one sparse file with room for two states of each class's row.
///
/// A row that a checkpoint knows is never overwritten: the first step after the checkpoint that moves it writes the other
/// place, and the steps after that write this one again. Which state is the checkpoint's follows from the number of writes
/// that the checkpoint has of each class (`proxy.prompts.versions`) and that each place has in its head; within one file
/// these only grow, so that the two places of a class never bear the same. So the renaming of the checkpoint is what makes all
/// rows' new states valid at once, and a process that is killed, or loses its machine, at any other moment leaves every row of
/// the old checkpoint as it was: there is no log to play back and nothing to repair. After a checkpoint the places that
/// it does not need are given back to the disk; where the run keeps the checkpoint before it too, their rows go to a file first.
///
/// Layout, little-endian: 4,096 bytes of head (``BankHeader``), then for each class two places of a whole number of 4,096
/// bytes. A place has 64 bytes (``PlaceHead``), the values of all layers in order, then each moment of the optimiser. A
/// place that was never written takes no room.
final class ClassPromptBank: ClassPromptStore {
    let header: BankHeader
    private let file: RecordFile
    private let lock = NSLock()
    /// Places written since the last checkpoint, by class, and which state of the class that checkpoint has.
    private var fresh: [Int: (place: Int, before: Int)] = [:]

    static let name = "class-prompts.bank"

    var seed: UInt64 { header.seed }
    var path: String { file.path }

    private init(_ header: BankHeader, _ file: RecordFile) { (self.header, self.file) = (header, file) }

    /// A new file in which every class is as the seed has it.
    static func create(path: String, header: BankHeader) throws -> ClassPromptBank {
        let file = try RecordFile.create(path: path, size: header.fileSize)
        try header.bytes.withUnsafeBytes { try file.write($0, at: 0) }
        return ClassPromptBank(header, file)
    }

    /// - Parameter expected: what the model needs; the seed is the file's own.
    /// - Throws: ``ExperimentError`` when the file is another model's, or is not whole.
    static func open(path: String, expected: BankHeader, writable: Bool) throws -> ClassPromptBank {
        let file = try RecordFile(path: path, writable: writable)
        let size = try file.size()
        var bytes = [UInt8](repeating: 0, count: BankHeader.size)
        guard size >= bytes.count else {
            throw TensorFileError(file: path, "has \(size) bytes; a bank of class prompts has \(expected.fileSize): it was cut short")
        }
        try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        let found = try BankHeader(bytes, path: path)
        try found.check(against: expected, path: path)
        guard size == found.fileSize else {
            throw TensorFileError(file: path, "has \(size) bytes; its head says \(found.fileSize): it was cut short or added to")
        }
        return ClassPromptBank(found, file)
    }

    // MARK: Rows

    func read(
        _ label: Int, version: Int, values: UnsafeMutableBufferPointer<Float>?, moments: UnsafeMutableBufferPointer<Float>?
    ) throws -> Int {
        let (place, head) = try current(label, version: version)
        let start = header.offset(label, place) + PlaceHead.size
        if let values { try fill(values, at: start, checksum: head.valuesChecksum, label) }
        if let moments { try fill(moments, at: start + header.rowLength * 4, checksum: head.momentsChecksum, label) }
        return head.steps
    }

    func write(_ label: Int, version: Int, steps: Int, values: UnsafeBufferPointer<Float>, moments: UnsafeBufferPointer<Float>) throws {
        let place = try placeToWrite(label, version: version)
        try write(label, version: version, steps: steps, values: values, moments: moments, at: place)
        lock.withLock { fresh[label] = (place, fresh[label]?.before ?? version - 1) }
    }

    private func write(
        _ label: Int, version: Int, steps: Int, values: UnsafeBufferPointer<Float>, moments: UnsafeBufferPointer<Float>, at place: Int
    ) throws {
        let start = header.offset(label, place)
        let (valueBytes, momentBytes) = (UnsafeRawBufferPointer(values), UnsafeRawBufferPointer(moments))
        let head = PlaceHead(
            label: label, version: version, steps: steps, valuesChecksum: RecordFile.checksum(valueBytes),
            momentsChecksum: RecordFile.checksum(momentBytes))
        // The head comes last, so that it never speaks for a row that is not there yet.
        try file.write(valueBytes, at: start + PlaceHead.size)
        try file.write(momentBytes, at: start + PlaceHead.size + valueBytes.count)
        try head.bytes.withUnsafeBytes { try file.write($0, at: start) }
    }

    /// The place that holds a class's row as it was written for the `version`-th time.
    private func current(_ label: Int, version: Int) throws -> (Int, PlaceHead) {
        let heads = try (0..<2).map { try head(label, $0) }
        for (place, head) in heads.enumerated() {
            if let head, head.label == label, head.version == version { return (place, head) }
        }
        let there = heads.compactMap { $0?.version }
        throw TensorFileError(
            file: path, "has no state \(version) of class \(label), which the checkpoint needs; it has \(there.isEmpty ? "none" : "\(there)"): the file is of another run, or older or newer than the checkpoint")
    }

    private func placeToWrite(_ label: Int, version: Int) throws -> Int {
        if let place = lock.withLock({ fresh[label]?.place }) { return place }
        return version <= 1 ? 0 : try 1 - current(label, version: version - 1).0
    }

    private func head(_ label: Int, _ place: Int) throws -> PlaceHead? {
        var bytes = [UInt8](repeating: 0, count: PlaceHead.size)
        try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: header.offset(label, place)) }
        return PlaceHead(bytes)
    }

    private func fill(_ numbers: UnsafeMutableBufferPointer<Float>, at offset: Int, checksum: UInt32, _ label: Int) throws {
        let bytes = UnsafeMutableRawBufferPointer(numbers)
        try file.read(into: bytes, at: offset)
        guard RecordFile.checksum(UnsafeRawBufferPointer(bytes)) == checksum else {
            throw TensorFileError(file: path, "the row of class \(label) is damaged: its checksum does not fit")
        }
    }

    // MARK: Checkpoints

    /// Everything written is on the disk: to be called before the checkpoint that refers to it is written.
    func sync() throws { try file.sync() }

    /// The checkpoint is there: what came before it is let go.
    func checkpointed() {
        let places = lock.withLock {
            defer { fresh = [:] }
            return fresh
        }
        for (label, written) in places.sorted(by: { $0.key < $1.key }) {
            let start = header.offset(label, 1 - written.place)
            file.release(start..<start + header.stride)
        }
    }

    /// Training goes back to the last checkpoint: what was written since counts no more.
    func goBack() { lock.withLock { fresh = [:] } }

    /// Writes the rows that only the last checkpoint knows into a file, before the next one lets them go: the bank's head,
    /// then a place for each.
    func keepOldRows(in path: String) throws {
        let written = lock.withLock { fresh }.filter { $0.value.before > 0 }.sorted { $0.key < $1.key }
        try AtomicFile.write(to: path) { file in
            try file.append(header.bytes)
            var place = [UInt8](repeating: 0, count: header.stride)
            for (label, row) in written {
                try place.withUnsafeMutableBytes { try self.file.read(into: $0, at: header.offset(label, 1 - row.place)) }
                try file.append(place)
            }
        }
    }

    /// Puts such rows back, so that the checkpoint that they belong to can be gone on with.
    /// - Throws: `TensorFileError` when the file is another bank's, or not whole.
    func takeBack(from path: String) throws {
        let old = try RecordFile(path: path, writable: false)
        let size = try old.size()
        var head = [UInt8](repeating: 0, count: BankHeader.size)
        guard size >= head.count else { throw TensorFileError(file: path, "was cut short: it has \(size) bytes") }
        try head.withUnsafeMutableBytes { try old.read(into: $0, at: 0) }
        guard head == header.bytes, (size - head.count) % header.stride == 0 else { throw TensorFileError(file: path, "holds no rows of \(file.path), or was cut short") }
        var bytes = [UInt8](repeating: 0, count: header.stride)
        for offset in stride(from: head.count, to: size, by: header.stride) {
            try bytes.withUnsafeMutableBytes { try old.read(into: $0, at: offset) }
            guard let row = PlaceHead(Array(bytes.prefix(PlaceHead.size))), (0..<header.classes).contains(row.label) else {
                throw TensorFileError(file: path, "is damaged: a row has no head")
            }
            let place = (try? current(row.label, version: row.version).0) ?? 0
            // The head last, as always.
            try bytes.withUnsafeBytes { bytes in
                let body = UnsafeRawBufferPointer(rebasing: bytes[PlaceHead.size...])
                try file.write(body, at: header.offset(row.label, place) + PlaceHead.size)
                try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<PlaceHead.size]), at: header.offset(row.label, place))
            }
        }
        try file.sync()
    }

    /// SHA-256 over the rows of all classes and what the optimiser remembers of them, wherever in the file they lie.
    func digest(versions: (Int) -> Int) throws -> String {
        let (values, moments) = (
            UnsafeMutableBufferPointer<Float>.allocate(capacity: header.rowLength), UnsafeMutableBufferPointer<Float>.allocate(capacity: header.rowLength * header.moments))
        defer {
            values.deallocate()
            moments.deallocate()
        }
        var rows = ""
        for label in 0..<header.classes where versions(label) > 0 {
            let steps = try read(label, version: versions(label), values: values, moments: header.moments > 0 ? moments : nil)
            rows += "\(label) \(versions(label)) \(steps) \(try SHA256.hash(bytes: Array(UnsafeRawBufferPointer(values)) + Array(UnsafeRawBufferPointer(moments))))\n"
        }
        return try SHA256.hash(bytes: Array(rows.utf8))
    }

    /// A file with the values that a saved model needs, without the optimiser's memory, whole or not at all.
    /// - Parameter versions: of each class; 0 for those that are as the seed has them.
    func copy(to path: String, versions: (Int) -> Int) throws {
        let temporary = path + ".\(getpid()).tmp"
        var header = header
        header.moments = 0
        do {
            let copy = try ClassPromptBank.create(path: temporary, header: header)
            let nothing = UnsafeBufferPointer<Float>(start: nil, count: 0)
            let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: header.rowLength)
            defer { values.deallocate() }
            for label in 0..<header.classes where versions(label) > 0 {
                let steps = try read(label, version: versions(label), values: values, moments: nil)
                try copy.write(label, version: versions(label), steps: steps, values: UnsafeBufferPointer(values), moments: nothing, at: 0)
            }
            try copy.sync()
            guard rename(temporary, path) == 0 else {
                throw TensorFileError(file: path, "cannot be written: \(String(cString: strerror(errno)))")
            }
            AtomicFile.syncFolder(of: path)
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
