import Foundation
public import ImageData

/// Pictures of letters, for text in pictures that the program draws: 16 px, white on black, most of Latin-1 and some Greek.
public struct Letters: Sendable {
    /// Distance in a tile from its left edge to the pen, and from its top to the line that letters stand on.
    public let left, baseline: Int
    private let sheet: TileSheet
    private let places: [Character: Int]
    private let advances: [Double]

    private struct Index: Decodable {
        let tile, left, baseline: Int
        let letters: String
        let advances: [Double]
    }

    /// - Throws: `AssetError` when a file is missing or damaged.
    public init() throws {
        let file = try AssetFolder.file("letters.json")
        let index: Index
        do {
            index = try JSONDecoder().decode(Index.self, from: Data(contentsOf: file))
        } catch {
            throw AssetError(file: file.path, reason: "damaged: \(error)", help: "Scripts/make-plot-letters.py makes it anew")
        }
        guard index.letters.count == index.advances.count else {
            throw AssetError(file: file.path, reason: "damaged: letters and advances do not fit", help: "Scripts/make-plot-letters.py makes it anew")
        }
        (left, baseline, advances) = (index.left, index.baseline, index.advances)
        sheet = TileSheet(path: try AssetFolder.file("letters.webp").path, tileSize: index.tile)
        places = Dictionary(zip(index.letters, 0...), uniquingKeysWith: { first, _ in first })
    }

    /// Its picture, and how far it moves the pen, pixels; nil for a letter that there is no picture of.
    /// - Throws: `ImageError` when the sheet is damaged.
    public func letter(_ letter: Character) throws -> (tile: RGBImage, advance: Double)? {
        guard let place = places[letter] else { return nil }
        return (try sheet.tile(place), advances[place])
    }

    /// How far a text moves the pen, pixels.
    public func width(_ text: String) -> Double {
        text.reduce(0) { $0 + (places[$1].map { advances[$0] } ?? Self.unknownAdvance) }
    }

    /// Of a letter that there is no picture of: room for a box.
    public static let unknownAdvance = 10.0
}
