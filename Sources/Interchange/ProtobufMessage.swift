import TensorFiles

/// A Protocol Buffers message in the making: fields in the order in which they were added, as the wire format has them
/// (varints, 32-bit and 64-bit numbers, length-delimited bytes).
///
/// Large payloads stay where they are until the message is written, so that a model of a gigabyte exists once.
///
///     var entry = ProtobufMessage()
///     entry.add(1, text: "key")
///     message.add(14, message: entry)
public struct ProtobufMessage {
    private enum Piece {
        case bytes([UInt8])
        /// Little-endian 32-bit numbers.
        case floats([Float])
    }

    private enum WireType: UInt64 {
        case varint = 0, fixed64 = 1, lengthDelimited = 2, fixed32 = 5
    }

    private var pieces: [Piece] = []
    /// Bytes so far.
    public private(set) var count = 0

    public init() {}

    // MARK: Fields

    public mutating func add(_ field: Int, unsigned value: UInt64) {
        append(Self.tag(field, .varint) + Self.varint(value))
    }

    /// `int64` and enumerations: negative ones as the ten bytes of their two's complement.
    public mutating func add(_ field: Int, integer value: Int) {
        add(field, unsigned: UInt64(bitPattern: Int64(value)))
    }

    public mutating func add(_ field: Int, float value: Float) {
        append(Self.tag(field, .fixed32) + withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
    }

    public mutating func add(_ field: Int, double value: Double) {
        append(Self.tag(field, .fixed64) + withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
    }

    public mutating func add(_ field: Int, text: String) { add(field, bytes: Array(text.utf8)) }

    public mutating func add(_ field: Int, bytes: [UInt8]) {
        append(Self.tag(field, .lengthDelimited) + Self.varint(UInt64(bytes.count)) + bytes)
    }

    /// `bytes` that hold numbers as they lie in memory.
    public mutating func add(_ field: Int, raw values: [Float]) {
        append(Self.tag(field, .lengthDelimited) + Self.varint(UInt64(values.count * 4)))
        pieces.append(.floats(values))
        count += values.count * 4
    }

    public mutating func add(_ field: Int, message: ProtobufMessage) {
        append(Self.tag(field, .lengthDelimited) + Self.varint(UInt64(message.count)))
        pieces += message.pieces
        count += message.count
    }

    // MARK: The wire

    /// The whole message.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): result += bytes
            case .floats(let values):
                for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { result += $0 } }
            }
        }
        return result
    }

    /// Writes the message as a file, whole or not at all.
    public func write(to path: String) throws {
        try AtomicFile.write(to: path) { file in
            for piece in pieces {
                switch piece {
                case .bytes(let bytes): try file.append(bytes)
                case .floats(let values): try file.append(littleEndian: values)
                }
            }
        }
    }

    private mutating func append(_ bytes: [UInt8]) {
        count += bytes.count
        if case .bytes(var last)? = pieces.last {
            // Taken out before it grows, so that it grows in place.
            pieces.removeLast()
            last += bytes
            pieces.append(.bytes(last))
        } else {
            pieces.append(.bytes(bytes))
        }
    }

    private static func tag(_ field: Int, _ type: WireType) -> [UInt8] { varint(UInt64(field) << 3 | type.rawValue) }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([], value)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
