import Foundation
internal import ImageData

/// The glyph sheets: one lossless picture a variant and split, a row a class, a column a face, named by glyphs.json.
enum Glyphs {
    private struct Index: Decodable {
        /// Side of a tile in pixels.
        let tile: Int
        let faces: [String]
        let train: [String]
        let test: [String]
    }

    static func dataset(variant: String) throws -> ImageDataset {
        let index = try readIndex()
        let train = try items(split: "train", classes: index.train, index: index, variant: variant)
        let test = try items(split: "test", classes: index.test, index: index, variant: variant)
        return ImageDataset(
            name: variant == "clean" ? "glyphs" : "glyphs \(variant)", train: train, trainClasses: index.train, test: test,
            testClasses: index.test)
    }

    private static func readIndex() throws -> Index {
        let file = try AssetFolder.file("glyphs.json")
        do {
            return try JSONDecoder().decode(Index.self, from: Data(contentsOf: file))
        } catch {
            throw AssetError(file: file.path, reason: "damaged: \(error)", help: "Scripts/make-embedded-assets.py makes it anew")
        }
    }

    private static func items(split: String, classes: [String], index: Index, variant: String) throws -> [DatasetItem] {
        let sheet = TileSheet(path: try AssetFolder.file("glyphs-\(variant)-\(split).webp").path, tileSize: index.tile)
        return classes.enumerated().flatMap { label, name in
            index.faces.enumerated().map { column, face in
                DatasetItem(
                    name: "\(split)/\(name)/\(face)", source: .tile(sheet, index: label * index.faces.count + column), label: label)
            }
        }
    }
}
