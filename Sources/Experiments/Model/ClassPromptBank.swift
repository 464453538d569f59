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
/// it does not need are given back to the disk.
///
/// Layout, little-endian: 4,096 bytes of head (``BankHeader``), then for each class two places of a whole number of 4,096
/// bytes. A place has 64 bytes (``PlaceHead``), the values of all layers in order, then each moment of the optimiser. A
/// place that was never written takes no room.
final class ClassPromptBank: ClassPromptStore {
    let header: BankHeader
    private let file: RecordFile
    private let lock = NSLock()
    /// Places written since the last checkpoint, by class.
    private var fresh: [Int: Int] = [:]

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
        lock.withLock { fresh[label] = place }
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
        if let place = lock.withLock({ fresh[label] }) { return place }
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
        for (label, place) in places.sorted(by: { $0.key < $1.key }) {
            let start = header.offset(label, 1 - place)
            file.release(start..<start + header.stride)
        }
    }

    /// Training goes back to the last checkpoint: what was written since counts no more.
    func goBack() { lock.withLock { fresh = [:] } }

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
