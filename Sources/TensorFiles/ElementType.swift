/// How a file stores one number; raw values are the names that safetensors headers use. Always little-endian.
public enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8", int8 = "I8"
    case uint16 = "U16", int16 = "I16", float16 = "F16", bfloat16 = "BF16"
    case uint32 = "U32", int32 = "I32", float32 = "F32"
    case uint64 = "U64", int64 = "I64", float64 = "F64"

    /// Bytes a number.
    public var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether the type holds whole numbers only.
    public var isInteger: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: false
        default: true
        }
    }
}

/// Numbers out of bytes. `bytes.count` is a multiple of the type's size: the callers checked it against a shape.
extension ElementType {
    /// Every type as f32, rounded to nearest where f32 is narrower.
    func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        switch self {
        case .bool, .uint8: decode(bytes, UInt8.self) { Float($0) }
        case .int8: decode(bytes, Int8.self) { Float($0) }
        case .uint16: decode(bytes, UInt16.self) { Float(UInt16(littleEndian: $0)) }
        case .int16: decode(bytes, Int16.self) { Float(Int16(littleEndian: $0)) }
        case .float16: decode(bytes, UInt16.self) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
        case .bfloat16: decode(bytes, UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        case .uint32: decode(bytes, UInt32.self) { Float(UInt32(littleEndian: $0)) }
        case .int32: decode(bytes, Int32.self) { Float(Int32(littleEndian: $0)) }
        case .float32: decode(bytes, UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case .uint64: decode(bytes, UInt64.self) { Float(UInt64(littleEndian: $0)) }
        case .int64: decode(bytes, Int64.self) { Float(Int64(littleEndian: $0)) }
        case .float64: decode(bytes, UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
        }
    }

    /// Whole numbers as Int64; nil for a floating type, or for an unsigned value that Int64 cannot hold.
    func integers(_ bytes: UnsafeRawBufferPointer) -> [Int64]? {
        switch self {
        case .bool, .uint8: return decode(bytes, UInt8.self) { Int64($0) }
        case .int8: return decode(bytes, Int8.self) { Int64($0) }
        case .uint16: return decode(bytes, UInt16.self) { Int64(UInt16(littleEndian: $0)) }
        case .int16: return decode(bytes, Int16.self) { Int64(Int16(littleEndian: $0)) }
        case .uint32: return decode(bytes, UInt32.self) { Int64(UInt32(littleEndian: $0)) }
        case .int32: return decode(bytes, Int32.self) { Int64(Int32(littleEndian: $0)) }
        case .int64: return decode(bytes, Int64.self) { Int64(littleEndian: $0) }
        case .uint64:
            let values = decode(bytes, Int64.self) { Int64(littleEndian: $0) }
            return values.allSatisfy { $0 >= 0 } ? values : nil
        case .float16, .bfloat16, .float32, .float64: return nil
        }
    }

    private func decode<Raw: BitwiseCopyable, Value>(_ bytes: UnsafeRawBufferPointer, _: Raw.Type, _ value: (Raw) -> Value) -> [Value] {
        let count = bytes.count / MemoryLayout<Raw>.size
        return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            for i in 0..<count {
                buffer.initializeElement(at: i, to: value(bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<Raw>.size, as: Raw.self)))
            }
            filled = count
        }
    }
}
