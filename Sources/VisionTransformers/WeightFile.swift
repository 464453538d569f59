import TensorEngine
import TensorFiles

/// Files with the weights of a whole vision transformer: timm's safetensors, or the AugReg authors' `.npz`.
public enum WeightFile {
    /// A network's tensors under timm's names; the file's classifier is left out.
    /// - Parameter expecting: every tensor the network has (`ViTConfiguration.tensorShapes`).
    /// - Throws: `ViTError` when the file is of another network, naming tensor, expected and found shape;
    ///   `TensorFileError` when it cannot be read.
    public static func read(path: String, expecting: [(name: String, shape: [Int])]) throws -> [NamedArray] {
        if try isZip(path) {
            let arrays = try AugRegWeights.read(path: path)
            try check(Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.shape) }), of: path, expecting: expecting)
            return arrays
        }
        let file = try SafeTensorsFile(path: path)
        try check(file.shapes, of: path, expecting: expecting)
        return try expecting.map { try file.array($0.name) }
    }

    /// `.npz` files are zip archives, whatever they are called.
    private static func isZip(_ path: String) throws -> Bool {
        let file = try RandomAccessFile(path: path)
        return try path.hasSuffix(".npz") || file.count >= 4 && file.bytes(0..<4) == [0x50, 0x4B, 3, 4]
    }
}

extension SafeTensorsFile {
    /// Every tensor's shape by name.
    package var shapes: [String: [Int]] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, entry($0)?.shape ?? []) })
    }
}

extension VisionTransformer {
    /// Replaces every tensor by the file's.
    /// - Throws: as ``WeightFile/read(path:expecting:)``; the network is then unchanged.
    public func load(file path: String) throws {
        let arrays = try WeightFile.read(path: path, expecting: configuration.tensorShapes)
        try load(Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, try Tensor($0.values, shape: $0.shape)) }))
    }
}
