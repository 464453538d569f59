extension SafeTensors {
    /// Writes a safetensors file: to a temporary name, synced, then renamed, so that a reader sees the old file or the new one.
    ///
    /// Tensors are ordered by falling element size, then by name, and the header's keys by name: equal contents give equal bytes.
    /// - Throws: ``TensorFileError`` for a name used twice or a shape that its values do not fill, and when the disk refuses.
    public static func write(
        _ arrays: [NamedArray], integers: [NamedIntegers] = [], bytes: [NamedBytes] = [],
        metadata: [String: String] = [:], to path: String
    ) throws {
        var pieces = arrays.map { SafeTensorsPiece(name: $0.name, type: .float32, shape: $0.shape, count: $0.values.count, source: .floats($0.values)) }
        pieces += integers.map { SafeTensorsPiece(name: $0.name, type: .int64, shape: $0.shape, count: $0.values.count, source: .integers($0.values)) }
        pieces += bytes.map { SafeTensorsPiece(name: $0.name, type: .uint8, shape: $0.shape, count: $0.values.count, source: .bytes($0.values)) }
        pieces.sort { a, b in
            a.type.size != b.type.size ? a.type.size > b.type.size : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        let header = try Self.header(pieces, metadata: metadata, path: path)
        try AtomicFile.write(to: path) { file in
            try file.append(header)
            for piece in pieces { try piece.append(to: &file) }
        }
    }

    private static func header(_ pieces: [SafeTensorsPiece], metadata: [String: String], path: String) throws -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            members.append("\"__metadata__\":{" + pairs.map { "\(quotedJSON($0.key)):\(quotedJSON($0.value))" }.joined(separator: ",") + "}")
        }
        var seen: Set<String> = ["__metadata__"]
        var offset = 0
        for piece in pieces {
            guard seen.insert(piece.name).inserted else {
                throw TensorFileError(file: path, tensor: piece.name, "the name is already taken")
            }
            guard elementCount(piece.shape) == piece.count else {
                throw TensorFileError(file: path, tensor: piece.name, "shape \(piece.shape) does not fit \(piece.count) values")
            }
            let end = offset + piece.count * piece.type.size
            let shape = piece.shape.map(String.init).joined(separator: ",")
            members.append("\(quotedJSON(piece.name)):{\"dtype\":\"\(piece.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array(("{" + members.joined(separator: ",") + "}").utf8)
        text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)  // data starts aligned
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
    }
}

/// One tensor on its way into a file.
private struct SafeTensorsPiece {
    enum Source { case floats([Float]), integers([Int64]), bytes([UInt8]) }
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    let source: Source

    func append(to file: inout AtomicFile.Writer) throws {
        switch source {
        case .floats(let values): try file.append(littleEndian: values)
        case .integers(let values): try file.append(littleEndian: values)
        case .bytes(let values): try file.append(values)
        }
    }
}
