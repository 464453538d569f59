import Foundation
import Testing
import TensorFiles
import Verification

/// A copy of the cases that ship with the tests, to be damaged.
///
/// Resources/cases was computed by a PyTorch statement of the method, pytorch-metric-learning and Pillow: networks of
/// 2 blocks x 12, one or two cases of each kind.
final class CaseFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/vptsp-cases-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: try Self.original(), toPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func original() throws -> String { try #require(Bundle.module.url(forResource: "Resources/cases", withExtension: nil)).path }

    func file(_ name: String) -> String { path + "/" + name }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func put(_ text: String, _ name: String) throws { try AtomicFile.write(Array(text.utf8), to: file(name)) }

    /// Keeps only the named cases.
    func keep(_ names: String...) throws {
        var json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file("cases.json")))) as? [String: Any])
        let cases = try #require(json["cases"] as? [[String: Any]])
        json["cases"] = cases.filter { names.contains($0["name"] as? String ?? "") }
        try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: file("cases.json")))
    }

    /// Changes one setting of every case; nil removes it.
    func set(_ key: String, _ value: Any?) throws {
        var json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file("cases.json")))) as? [String: Any])
        var cases = try #require(json["cases"] as? [[String: Any]])
        for index in cases.indices { cases[index][key] = value }
        json["cases"] = cases
        try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: file("cases.json")))
    }

    /// Rewrites the tensors of a case.
    func change(_ name: String, _ body: (inout [NamedArray]) -> Void) throws {
        let source = try SafeTensorsFile(path: file(name + ".safetensors"))
        let isWhole = { source.entry($0)?.type == .int64 }
        var arrays = try source.names.filter { !isWhole($0) }.map(source.array)
        body(&arrays)
        try SafeTensors.write(arrays, integers: source.names.filter(isWhole).map(source.integers), to: file(name + ".safetensors"))
    }

    /// Runs the directory, with what is printed.
    func run(threads: Int = 1) throws -> (summary: VerificationRunner.Summary, lines: [String]) {
        var lines: [String] = []
        let summary = try VerificationRunner.run(directory: path, output: { lines.append($0) }, threads: threads)
        return (summary, lines)
    }
}
