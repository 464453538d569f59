import Foundation
import ImageData
import RandomStreams
import Testing

/// The parity cases of the design: decoding, evaluation transforms and a resized crop, pixel for pixel.
struct GoldenImageTests {
    /// The small ones travel with the tests, as hashes.
    @Test func smallCasesAreEqual() throws {
        let cases = try #require(PillowCases.all).golden
        #expect(cases.count == 4)
        for expected in cases {
            let image = try ImageDecoder.decode(path: PillowCases.resource(expected.file).path)
            for (name, result) in try results(image, box: expected.box) {
                #expect(fnv(result.pixels) == expected.hashes[name], "\(expected.file) \(name)")
            }
        }
    }

    /// All of them, where the shared folder is.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: shared("cases.json")), "../shared/golden is not there"))
    func sharedCasesAreEqual() throws {
        struct List: Decodable {
            struct Case: Decodable {
                let name: String
                let kind: String
                let file: String?
                let box_top_left_height_width: [Int]?
            }
            let cases: [Case]
        }
        let list = try JSONDecoder().decode(List.self, from: Data(contentsOf: URL(fileURLWithPath: Self.shared("cases.json"))))
        var seen = 0
        for expected in list.cases where expected.kind == "image" {
            let tensors = try bytes(of: Self.shared(expected.name + ".safetensors"))
            let image = try ImageDecoder.decode(path: Self.shared(#require(expected.file)))
            for (name, result) in try results(image, box: #require(expected.box_top_left_height_width)) {
                let wanted = try #require(tensors[name])
                #expect(result.pixels == wanted, "\(expected.name) \(name)")
                seen += 1
            }
        }
        #expect(seen == 4 * 7)
    }

    private static func shared(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("../../../shared/golden/\(name)").standardizedFileURL.path
    }

    private func results(_ image: RGBImage, box: [Int]) throws -> [(String, RGBImage)] {
        var stream = RandomStream(seed: 0, purpose: .testing)
        let window = PixelRectangle(left: box[1], top: box[0], width: box[3], height: box[2])
        return [
            ("decoded", image),
            ("eval_bilinear", try ImageTransform.evaluation().picture(image, stream: &stream)),
            ("eval_bicubic", try ImageTransform.evaluation(interpolation: .bicubic).picture(image, stream: &stream)),
            ("crop_bilinear", try Resampler.resize(image, width: 224, height: 224, window: window)),
        ]
    }

    /// The uint8 tensors of a safetensors file.
    private func bytes(of path: String) throws -> [String: [UInt8]] {
        struct Entry: Decodable { let data_offsets: [Int] }
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONDecoder().decode([String: Entry].self, from: Data(file[8..<8 + length]))
        return header.mapValues { Array(file[8 + length + $0.data_offsets[0]..<8 + length + $0.data_offsets[1]]) }
    }
}
