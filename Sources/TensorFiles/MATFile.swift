internal import CTransfer

/// A value of a MATLAB file: what data sets' annotations are made of.
package indirect enum MATValue: Hashable, Sendable {
    /// Real numbers, first index fastest; logical ones are 0 and 1. Of complex ones the real part.
    case numbers([Double])
    /// Characters, the rows of a matrix of them one after the other.
    case text(String)
    case cells([MATValue])
    /// The names, and for each element the fields' values in their order.
    case structs(fields: [String], elements: [[MATValue]])
    /// A sparse matrix, an object, a function: by its class, unread.
    case unread(String)

    /// The number, when it is exactly one.
    package var number: Double? {
        if case .numbers(let values) = self, values.count == 1 { values.first } else { nil }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// MATLAB's level 5 files (`.mat` as MATLAB 5 to 7.2 and scipy write them), little-endian, compressed or not.
///
/// Our own reader, for the bytes are foreign: the usual library was seen to take 2 GB and not to come back on files with a few
/// bytes of damage. Here every length is held against the bytes there are before anything is allocated for it.
/// Source: MathWorks, "MAT-File Format" (R2019b), chapter 1.
package enum MATFile {
    private static let headerCount = 128
    /// Annotations of all data sets known are under a megabyte.
    private static let largest = 1 << 28

    /// The variables of the file by name; a name that occurs twice has the later value, as in MATLAB.
    /// - Throws: ``TensorFileError`` for a file of another kind, damaged or cut short.
    package static func read(path: String) throws -> [String: MATValue] {
        let file = try RandomAccessFile(path: path)
        guard file.count <= largest else { throw TensorFileError(file: path, "is \(file.count) bytes long; annotations of at most \(largest) are read") }
        let bytes = try file.bytes(0..<file.count)
        try checkHeader(bytes, path: path)
        var variables: [String: MATValue] = [:]
        var position = headerCount
        while position < bytes.count {
            var reader = MATReader(bytes: bytes[position...], file: path)
            let element = try reader.element()
            position = reader.position
            let variable: (name: String, value: MATValue)
            switch element.type {
            case .compressed: variable = try MATReader.variable(in: unpack(element.data, path: path), file: path)
            case .matrix: variable = try MATReader.matrix(element.data, file: path, depth: 0)
            default: throw TensorFileError(file: path, "holds data of type \(element.type) where a variable should be")
            }
            variables[variable.name] = variable.value
        }
        return variables
    }

    private static func checkHeader(_ bytes: [UInt8], path: String) throws {
        if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) || bytes.count >= 516 && bytes[512...].starts(with: [0x89, 0x48, 0x44, 0x46]) {
            throw TensorFileError(file: path, "is a MATLAB 7.3 file (HDF5); save it again with `save(file, …, '-v7')`")
        }
        guard bytes.count >= headerCount, bytes[126] == 0x49, bytes[127] == 0x4D, bytes[125] == 1 else {
            let isBigEndian = bytes.count >= headerCount && bytes[126] == 0x4D && bytes[127] == 0x49
            throw TensorFileError(
                file: path, isBigEndian ? "is a big-endian MATLAB file; load and save it again on a current machine" : "is no MATLAB file of level 5")
        }
    }

    /// What a compressed element unpacks to: as many bytes as the element inside says.
    private static func unpack(_ packed: ArraySlice<UInt8>, path: String) throws -> [UInt8] {
        func inflate(_ count: Int) -> [UInt8]? {
            var failed = true
            let bytes = packed.withUnsafeBufferPointer { input in
                [UInt8](unsafeUninitializedCapacity: count) { output, filled in
                    failed = ct_inflate_beginning(input.baseAddress, input.count, output.baseAddress, count) != 0
                    filled = failed ? 0 : count
                }
            }
            return failed ? nil : bytes
        }
        guard let tag = inflate(8) else { throw TensorFileError(file: path, "its compressed data are broken") }
        let count = 8 + Int(LittleEndian(tag).u32(4))
        // Deflate cannot do better than 1032 to 1: a larger promise is a lie, and is not allocated.
        guard count / 1032 <= packed.count else { throw TensorFileError(file: path, "claims \(count) bytes out of \(packed.count) compressed ones") }
        guard let bytes = inflate(count) else { throw TensorFileError(file: path, "its compressed data are broken") }
        return bytes
    }
}
