import Foundation
import TensorFiles
import Testing
import VisionTransformers

/// Resources/augreg.npz holds a small network under the AugReg authors' names, with random values; augreg.safetensors
/// holds the same network as timm's own reader of such files (`load_pretrained`) left it.
@Suite struct AugRegWeightsTests {
    private func resource(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Resources/" + name, withExtension: nil)).path
    }

    private let configuration: ViTConfiguration

    init() throws { configuration = try ViTConfiguration(image: 24, patch: 8, dim: 12, depth: 2, heads: 3, mlpRatio: 2) }

    @Test func tensorsAsTimmReadsThem() throws {
        let ours = try WeightFile(path: resource("augreg.npz")).tensors(for: configuration)
        let timms = try SafeTensorsFile(path: try resource("augreg.safetensors"))
        #expect(ours.map(\.name).sorted() == timms.names)
        for array in ours { #expect(try timms.array(array.name) == array) }
    }

    @Test func anotherNetworkIsRefused() throws {
        let path = try resource("augreg.npz")
        let other = try ViTConfiguration(image: 24, patch: 8, dim: 16, depth: 2, heads: 4, mlpRatio: 2)
        let error = #expect(throws: ViTError.self) { try WeightFile(path: path).tensors(for: other) }
        #expect(error?.description.contains("tensor `cls_token` has shape [1, 1, 12]; this network needs [1, 1, 16]") == true)
    }

    @Test func damagedArchivesAreErrors() throws {
        let folder = try WeightFolder()
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: resource("augreg.npz"))))
        let path = try folder.file("damaged.npz")
        for step in 0..<400 {
            var bytes = whole
            let at = (step &* 7919) % bytes.count
            bytes[at] = bytes[at] &+ UInt8(truncatingIfNeeded: 1 + step)
            if step % 3 == 0 { bytes.removeLast((step &* 104_729) % bytes.count) }
            try AtomicFile.write(bytes, to: path)
            do { _ = try WeightFile(path: path).tensors(for: configuration) } catch is TensorFileError {} catch is ViTError {}
        }
    }
}
