/// NumPy's array files (`.npy`, versions 1 to 3; numpy.lib.format).
public enum NPY {
    /// The file's array as f32.
    /// - Throws: ``TensorFileError`` when the file is no plain array of numbers, or longer or shorter than its header says.
    public static func read(path: String) throws -> NamedArray {
        try decode(try wholeFile(path), name: path)
    }

    /// The file's array of whole numbers.
    public static func readIntegers(path: String) throws -> NamedIntegers {
        let bytes = try wholeFile(path)
        let header = try NPYHeader(bytes, name: path)
        let values = bytes.withUnsafeBytes { header.type.integers(UnsafeRawBufferPointer(rebasing: $0[header.dataStart...])) }
        guard let values else { throw TensorFileError(file: path, "holds \(header.type.rawValue); whole numbers within Int64 were asked for") }
        return NamedIntegers(name: path, shape: header.shape, values: header.isColumnMajor ? rowMajor(values, shape: header.shape) : values)
    }

    /// The array in `bytes` as f32; `name` is its name, and what messages call it.
    static func decode(_ bytes: [UInt8], name: String) throws -> NamedArray {
        let header = try NPYHeader(bytes, name: name)
        let values = bytes.withUnsafeBytes { header.type.floats(UnsafeRawBufferPointer(rebasing: $0[header.dataStart...])) }
        return NamedArray(name: name, shape: header.shape, values: header.isColumnMajor ? rowMajor(values, shape: header.shape) : values)
    }

    /// Writes values as an f32 array, atomically.
    public static func write(_ values: [Float], shape: [Int], to path: String) throws {
        let header = try header("<f4", shape: shape, count: values.count, path: path)
        try AtomicFile.write(to: path) { file in
            try file.append(header)
            try file.append(littleEndian: values)
        }
    }

    /// Writes values as an int64 array, atomically.
    public static func write(_ values: [Int64], shape: [Int], to path: String) throws {
        let header = try header("<i8", shape: shape, count: values.count, path: path)
        try AtomicFile.write(to: path) { file in
            try file.append(header)
            try file.append(littleEndian: values)
        }
    }

    private static func wholeFile(_ path: String) throws -> [UInt8] {
        let file = try RandomAccessFile(path: path)
        return try file.bytes(0..<file.count)
    }

    private static func header(_ type: String, shape: [Int], count: Int, path: String) throws -> [UInt8] {
        guard elementCount(shape) == count else { throw TensorFileError(file: path, "shape \(shape) does not fit \(count) values") }
        let dimensions = shape.map { "\($0)," }.joined(separator: " ")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(dimensions)), }"
        text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"  // the values start at a multiple of 64
        guard let length = UInt16(exactly: text.utf8.count) else { throw TensorFileError(file: path, "has too many dimensions for the format") }
        return NPYHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// Values whose first index varies fastest, put into row-major order.
    private static func rowMajor<Value>(_ values: [Value], shape: [Int]) -> [Value] {
        guard shape.count > 1, !values.isEmpty else { return values }
        var strides: [Int] = []
        var stride = 1
        for dimension in shape {
            strides.append(stride)
            stride *= dimension
        }
        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        return values.indices.map { _ in
            let value = values[place]
            for axis in shape.indices.reversed() {  // the last index moves fastest in the result
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= strides[axis] * shape[axis]
                index[axis] = 0
            }
            return value
        }
    }
}
