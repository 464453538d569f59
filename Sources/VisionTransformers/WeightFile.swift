import TensorEngine
import TensorFiles

/// A file with the weights of a whole vision transformer: timm's safetensors, or the AugReg authors' `.npz`.
public struct WeightFile {
    public let path: String
    /// Every tensor's shape under its timm name; an `.npz` file's classifier is not among them.
    public let shapes: [String: [Int]]
    /// What a safetensors file says beside its tensors.
    public let metadata: [String: String]
    private let array: (String) throws -> NamedArray

    /// - Throws: `TensorFileError` when it cannot be read, `ViTError` for an `.npz` file of something else.
    public init(path: String) throws {
        self.path = path
        if try Self.isZip(path) {
            let arrays = Dictionary(try AugRegWeights.read(path: path).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            shapes = arrays.mapValues(\.shape)
            metadata = [:]
            array = { name in
                guard let array = arrays[name] else { throw TensorFileError(file: path, tensor: name, "is not in the file") }
                return array
            }
        } else {
            let file = try SafeTensorsFile(path: path)
            shapes = file.shapes
            metadata = file.metadata
            array = file.array
        }
    }

    /// A network's tensors under timm's names, in timm's order; the file's classifier is left out. The position embedding
    /// of another image size is resampled.
    /// - Throws: `ViTError` when the file is of another network, naming tensor, expected and found shape;
    ///   `TensorFileError` when it cannot be read.
    public func tensors(for configuration: ViTConfiguration) throws -> [NamedArray] {
        try Self.check(shapes, of: path, for: configuration)
        return try configuration.tensorShapes.map { name, _ in
            let found = try array(name)
            guard name == "pos_embed" else { return found }
            return PositionEmbedding.resampled(found, leading: configuration.layout.leadingPositions, to: configuration.image / configuration.patch)
        }
    }

    /// The image side that the file's position embedding was learned for, where that is another than the network's, pixels.
    public func otherImage(than configuration: ViTConfiguration) -> Int? {
        guard let shape = shapes["pos_embed"], shape.count == 3,
              let side = PositionEmbedding.gridSide(shape[1] - configuration.layout.leadingPositions)
        else { return nil }
        let (image, overflow) = side.multipliedReportingOverflow(by: configuration.patch)
        return overflow || image == configuration.image ? nil : image
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
    /// - Throws: as ``WeightFile/tensors(for:)``; the network is then unchanged.
    public func load(_ file: WeightFile) throws {
        let arrays = try file.tensors(for: configuration)
        try load(Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, try Tensor($0.values, shape: $0.shape)) }))
    }

    /// The same from a path.
    public func load(file path: String) throws { try load(WeightFile(path: path)) }
}
