import EmbeddedAssets
import Foundation
import ImageData
import Testing

struct EmbeddedAssetsTests {
    @Test(arguments: [false, true])
    func glyphsAreClassDisjointAndComplete(_ distorted: Bool) throws {
        let data = try EmbeddedAssets.glyphs(distorted: distorted)
        #expect(data.train.count == 2400 && data.test.count == 2400)
        #expect(data.trainClasses.count == 200 && data.testClasses.count == 200)
        #expect(Set(data.trainClasses).isDisjoint(with: data.testClasses))
        for split in [data.train, data.test] {
            #expect(split.map(\.label) == (0..<200).flatMap { Array(repeating: $0, count: 12) })
        }
        #expect(data.train[13].name == "train/001/AoyagiSosekiFont2")
        #expect(data.name == (distorted ? "glyphs distorted" : "glyphs"))
        let image = try data.test[2399].image()
        #expect(image.width == 48 && image.height == 48)
        #expect(throws: ImageError.self) {
            guard case .tile(let sheet, _) = data.test[0].source else { return }
            _ = try sheet.tile(2400)
        }
    }

    /// Over every byte of every tile: a sheet made anew must hold the same pixels.
    @Test(arguments: [(false, "e47a66db251394f0"), (true, "29b3861d8543fb7b")])
    func pixelsAreThoseOfTheOriginals(_ distorted: Bool, _ expected: String) throws {
        let data = try EmbeddedAssets.glyphs(distorted: distorted)
        var value: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a over the grey bytes, train then test
        for item in data.train + data.test {
            let pixels = try item.image().pixels
            pixels.withUnsafeBufferPointer { pixels in
                for index in stride(from: 0, to: pixels.count, by: 3) { value = (value ^ UInt64(pixels[index])) &* 0x0000_0100_0000_01B3 }
            }
        }
        #expect(String(value, radix: 16) == expected)
    }

    @Test(arguments: EmbeddedAssets.VitNano.allCases)
    func weightsAreThere(_ weights: EmbeddedAssets.VitNano) throws {
        let file = try Data(contentsOf: EmbeddedAssets.vitNano(weights))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length > 2 && length < 20_000)
        let header = try #require(try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length)) as? [String: Any])
        #expect(header["blocks.5.mlp.fc2.weight"] != nil && header["norm.bias"] != nil)
        #expect((header["__metadata__"] as? [String: String])?["patch"] == "8")
    }

    @Test func theAdditionStaysUnderTwentyMegabytes() throws {
        let folder = try EmbeddedAssets.vitNano(.far).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        let total = try files.reduce(0) { try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
        #expect(files.count == 10)
        #expect(total < 20_000_000)
    }

    @Test func areFoundFromAnotherFolder() throws {
        let before = FileManager.default.currentDirectoryPath
        defer { FileManager.default.changeCurrentDirectoryPath(before) }
        #expect(FileManager.default.changeCurrentDirectoryPath("/"))
        #expect(try EmbeddedAssets.vitNano(.near).path.hasPrefix("/"))
        #expect(try EmbeddedAssets.glyphs(distorted: false).train[0].image().width == 48)
    }
}
