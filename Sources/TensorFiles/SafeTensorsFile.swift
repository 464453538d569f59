/// A safetensors file opened for reading: the header is read and checked at once, values when asked for.
///
/// ```swift
/// let file = try SafeTensorsFile(path: "model.safetensors")
/// let proxies = try file.array("proxies")        // f32 whatever the file stores
/// let labels = try file.integers("labels").values
/// ```
public final class SafeTensorsFile: Sendable {
    public let path: String
    public let metadata: [String: String]
    /// Every tensor's name, in order of the names' UTF-8 bytes.
    public let names: [String]
    private let file: RandomAccessFile
    private let entries: [String: SafeTensorsEntry]

    /// - Throws: ``TensorFileError`` when the file cannot be read or its header is not true of it.
    public init(path: String) throws {
        file = try RandomAccessFile(path: path)
        let header = try SafeTensorsHeader(file)
        self.path = path
        metadata = header.metadata
        entries = header.entries
        names = header.entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Type, shape and place of a tensor; nil when the file has none of that name.
    public func entry(_ name: String) -> SafeTensorsEntry? { entries[name] }

    /// The tensor as f32, converted from whatever type the file stores.
    public func array(_ name: String) throws -> NamedArray {
        let entry = try known(name)
        return NamedArray(name: name, shape: entry.shape, values: try values(entry))
    }

    /// A tensor of whole numbers (or booleans).
    public func integers(_ name: String) throws -> NamedIntegers {
        let entry = try known(name)
        let values = try withBytes(entry) { entry.type.integers($0) }
        guard let values else {
            throw TensorFileError(file: path, tensor: name, "is stored as \(entry.type.rawValue); whole numbers within Int64 were asked for")
        }
        return NamedIntegers(name: name, shape: entry.shape, values: values)
    }

    /// A tensor of bytes.
    public func bytes(_ name: String) throws -> NamedBytes {
        let entry = try known(name)
        guard entry.type == .uint8 || entry.type == .bool else {
            throw TensorFileError(file: path, tensor: name, "is stored as \(entry.type.rawValue); bytes (U8) were asked for")
        }
        return NamedBytes(name: name, shape: entry.shape, values: try file.bytes(entry.range))
    }

    private func known(_ name: String) throws -> SafeTensorsEntry {
        guard let entry = entries[name] else { throw TensorFileError(file: path, tensor: name, "is not in the file") }
        return entry
    }

    private func values(_ entry: SafeTensorsEntry) throws -> [Float] {
        #if _endian(little)
        if entry.type == .float32 {  // read straight into place: weights are nearly always of this type
            return try [Float](unsafeUninitializedCapacity: entry.count) { buffer, filled in
                try file.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count])), at: entry.range.lowerBound)
                filled = entry.count
            }
        }
        #endif
        return try withBytes(entry) { entry.type.floats($0) }
    }

    private func withBytes<Result>(_ entry: SafeTensorsEntry, _ body: (UnsafeRawBufferPointer) -> Result) throws -> Result {
        try file.bytes(entry.range).withUnsafeBytes(body)
    }
}

/// Whole files at once.
public enum SafeTensors {
    /// Every tensor of the file as f32, by name.
    public static func read(path: String) throws -> [NamedArray] {
        let file = try SafeTensorsFile(path: path)
        return try file.names.map(file.array)
    }
}
