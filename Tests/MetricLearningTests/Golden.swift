import Foundation
import MetricLearning
import TensorEngine
import TensorFiles
import Testing

/// Numbers of other programs: small ones in this folder's resources, large ones in `../shared/golden` beside the repository.
struct Golden {
    private let file: SafeTensorsFile

    /// A case among this target's resources.
    init(_ name: String) throws {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "safetensors", subdirectory: "Resources"))
        file = try SafeTensorsFile(path: url.path)
    }

    init(path: String) throws { file = try SafeTensorsFile(path: path) }

    /// `../shared/golden`, where it exists.
    static let shared: String? = {
        var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let path = root.appendingPathComponent("shared/golden").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    var names: [String] { file.names }

    func tensor(_ name: String) throws -> Tensor {
        let array = try file.array(name)
        return try Tensor(array.values, shape: array.shape)
    }

    func labels(_ name: String = "labels") throws -> [Int] { try file.integers(name).values.map { Int($0) } }

    /// Tensors whose names start with `prefix`, without it.
    func tensors(_ prefix: String) throws -> [String: Tensor] {
        let matching = names.filter { $0.hasPrefix(prefix) }
        return Dictionary(uniqueKeysWithValues: try matching.map { (String($0.dropFirst(prefix.count)), try tensor($0)) })
    }
}

/// The largest difference over the largest expected value.
func worst(_ found: Tensor?, _ expected: Tensor) -> Float {
    guard let found, found.count == expected.count else { return .infinity }
    let (f, e) = (found.array(), expected.array())
    let scale = max(e.map { abs($0) }.max() ?? 0, 1e-6)
    return (zip(f, e).map { abs($0 - $1) }.max() ?? 0) / scale
}

func transposed(_ x: Tensor) throws -> Tensor {
    let (rows, columns) = (x.shape[0], x.shape[1])
    let values = x.array()
    return try Tensor((0..<columns).flatMap { c in (0..<rows).map { values[$0 * columns + c] } }, shape: [columns, rows])
}
