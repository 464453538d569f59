internal import MetricLearning
internal import TensorFiles
internal import VisionTransformers

/// The first 4,096 bytes of a bank of class prompts: what model the rows belong to, and how large they are.
///
/// Little-endian: "vptsp cp", version 1 (u32), moments a value (u32), classes, width, layers (u64), the tokens of each
/// layer (u32 x 256), seed (u64), identity (64 bytes of ASCII); the last 4 bytes are the CRC-32 of those before them.
struct BankHeader: Equatable {
    static let size = 4096
    static let layersMost = 256
    private static let magic = Array("vptsp cp".utf8)
    private static let version: UInt32 = 1

    /// C and D.
    var classes, width: Int
    /// Tokens of each layer.
    var counts: [Int]
    /// Numbers that the optimiser remembers of each value: 0 for plain SGD and saved models, 1 for momentum, 2 for Adam.
    var moments: Int
    /// Of rows that were never written.
    var seed: UInt64
    /// SHA-256 of the model's settings, classes and backbone: ``ModelSettings/identity(classes:backboneIdentity:)``.
    var identity: String

    /// Floats of one class.
    var rowLength: Int { counts.reduce(0, +) * width }
    /// Bytes between two places.
    var stride: Int { (PlaceHead.size + rowLength * (1 + moments) * 4 + Self.size - 1) / Self.size * Self.size }
    var fileSize: Int { Self.size + 2 * classes * stride }
    /// Bytes of one state of every class.
    var stateSize: Int { classes * stride }

    func offset(_ label: Int, _ place: Int) -> Int { Self.size + (2 * label + place) * stride }

    init(classes: Int, width: Int, counts: [Int], moments: Int, seed: UInt64, identity: String) {
        (self.classes, self.width, self.counts, self.moments) = (classes, width, counts, moments)
        (self.seed, self.identity) = (seed, identity)
    }

    var bytes: [UInt8] {
        var out = ByteWriter()
        out.append(Self.magic)
        out.append(Self.version)
        out.append(UInt32(truncatingIfNeeded: moments))
        for value in [classes, width, counts.count] { out.append(UInt64(value)) }
        for layer in 0..<Self.layersMost { out.append(UInt32(truncatingIfNeeded: layer < counts.count ? counts[layer] : 0)) }
        out.append(seed)
        out.append(Array(identity.utf8.prefix(64)))
        out.pad(to: Self.size - 4)
        out.append(out.checksum)
        return out.bytes
    }

    /// - Throws: `TensorFileError` for bytes that are no head, or not whole.
    init(_ bytes: [UInt8], path: String) throws {
        func fault(_ reason: String) -> TensorFileError { TensorFileError(file: path, reason) }
        guard bytes.count == Self.size, Array(bytes.prefix(Self.magic.count)) == Self.magic else { throw fault("is no bank of class prompts") }
        var input = ByteReader(bytes, at: Self.magic.count)
        let version = input.u32()
        guard version == Self.version else { throw fault("is a bank of class prompts of version \(version); this program reads version \(Self.version)") }
        guard ByteReader.checksumHolds(bytes) else { throw fault("the head is damaged: its checksum does not fit") }
        let moments = input.u32()
        let (classes, width, layers) = (input.u64(), input.u64(), input.u64())
        let tokens = (0..<Self.layersMost).map { _ in Int(input.u32()) }
        guard moments <= 2, (1...100_000_000).contains(classes), (1...1_000_000).contains(width), layers <= Self.layersMost,
            tokens.allSatisfy({ $0 <= 100_000 })
        else { throw fault("the head makes no sense: \(classes) classes, \(layers) layers of width \(width), \(moments) moments") }
        self.init(
            classes: Int(classes), width: Int(width), counts: Array(tokens.prefix(Int(layers))), moments: Int(moments), seed: input.u64(),
            identity: String(decoding: input.take(64), as: UTF8.self))
        guard BankHeader.fits(self) else { throw fault("the head makes no sense: its rows are larger than any file") }
    }

    /// Whether all sizes stay far within an Int.
    private static func fits(_ header: BankHeader) -> Bool {
        Double(header.classes) * Double(header.counts.reduce(0, +) + 1) * Double(header.width) * 24 < 1e17
    }

    /// - Throws: ``ExperimentError`` that names both models.
    func check(against expected: BankHeader, path: String) throws {
        guard identity == expected.identity, (classes, width) == (expected.classes, expected.width), counts == expected.counts else {
            throw ExperimentError(
                .input, "\(path) holds the class prompts of model \(identity.prefix(12).description.printable)… (\(shape)), but this is model \(expected.identity.prefix(12))… (\(expected.shape))",
                help: ["put the bank back that belongs to the checkpoint or model file beside it"])
        }
        guard moments == expected.moments else {
            throw ExperimentError(
                .input, "\(path) holds \(moments) moments of each class prompt, but this optimiser has \(expected.moments)",
                help: ["a run goes on with the optimiser that it began with"])
        }
    }

    private var shape: String { "\(classes) classes x \(counts.count) layers x \(counts.first ?? 0) tokens of \(width)" }
}

/// The first 64 bytes of a place, the last 4 of them the CRC-32 of those before.
struct PlaceHead: Equatable {
    static let size = 64

    let label, version, steps: Int
    let valuesChecksum, momentsChecksum: UInt32

    init(label: Int, version: Int, steps: Int, valuesChecksum: UInt32, momentsChecksum: UInt32) {
        (self.label, self.version, self.steps) = (label, version, steps)
        (self.valuesChecksum, self.momentsChecksum) = (valuesChecksum, momentsChecksum)
    }

    var bytes: [UInt8] {
        var out = ByteWriter()
        for value in [label, version, steps] { out.append(UInt64(value)) }
        out.append(valuesChecksum)
        out.append(momentsChecksum)
        out.pad(to: Self.size - 4)
        out.append(out.checksum)
        return out.bytes
    }

    /// Nil for a place that was never written, or not to its end.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes.contains(where: { $0 != 0 }), ByteReader.checksumHolds(bytes) else { return nil }
        var input = ByteReader(bytes, at: 0)
        guard let label = Int(exactly: input.u64()), let version = Int(exactly: input.u64()), let steps = Int(exactly: input.u64()) else { return nil }
        self.init(label: label, version: version, steps: steps, valuesChecksum: input.u32(), momentsChecksum: input.u32())
    }
}

/// Little-endian numbers one after the other.
private struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) { bytes += more }
    mutating func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    mutating func pad(to count: Int) { bytes += [UInt8](repeating: 0, count: max(0, count - bytes.count)) }
    var checksum: UInt32 { bytes.withUnsafeBytes(RecordFile.checksum) }
}

private struct ByteReader {
    private let bytes: [UInt8]
    private var at: Int

    init(_ bytes: [UInt8], at: Int) { (self.bytes, self.at) = (bytes, at) }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { at += count }
        return Array(bytes.dropFirst(at).prefix(count))
    }

    mutating func u32() -> UInt32 { take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    mutating func u64() -> UInt64 { take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    /// Whether the last 4 bytes are the checksum of those before.
    static func checksumHolds(_ bytes: [UInt8]) -> Bool {
        var end = ByteReader(bytes, at: bytes.count - 4)
        return bytes.dropLast(4).withUnsafeBytes(RecordFile.checksum) == end.u32()
    }
}
