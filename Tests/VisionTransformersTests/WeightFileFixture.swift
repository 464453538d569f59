import Foundation
import TensorFiles
import VisionTransformers

/// A folder of weight files that disappears with the value.
final class WeightFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/vptsp-weights-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` inside, its folders made.
    func file(_ name: String) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        return url.path
    }

    @discardableResult
    func put(_ text: String, _ name: String) throws -> String {
        let path = try file(name)
        try AtomicFile.write(Array(text.utf8), to: path)
        return path
    }
}

/// Tensors of a network, each with values of its own.
func weights(of configuration: ViTConfiguration) -> [NamedArray] {
    configuration.tensorShapes.enumerated().map { index, tensor in
        NamedArray(name: tensor.name, shape: tensor.shape, values: (0..<tensor.shape.reduce(1, *)).map { Float(index) + Float($0) / 4096 })
    }
}
