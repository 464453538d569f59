import Foundation

/// Many small pictures of one size in one picture: decoded once, on first use, whoever asks first.
public final class TileSheet: Sendable {
    /// A path, for messages.
    public let name: String
    public let tileSize: Int
    private let content: Lazy<Content>

    private struct Content: Sendable {
        let columns, rows: Int
        /// One byte a pixel when the sheet is grey, as glyphs are; three otherwise.
        let channels: Int
        let width: Int
        let pixels: [UInt8]
        let hash: UInt64
    }

    /// - Parameters:
    ///   - path: a lossless picture whose sides are multiples of `tileSize`.
    ///   - tileSize: side of a tile in pixels.
    public init(path: String, tileSize: Int) {
        name = path
        self.tileSize = tileSize
        content = Lazy {
            let bytes = try FileBytes.contents(path: path)
            let sheet = try ImageDecoder.decode(bytes, name: path)
            guard tileSize > 0, sheet.width % tileSize == 0, sheet.height % tileSize == 0 else {
                throw ImageError(name: path, reason: "\(sheet.width) x \(sheet.height) pixels are not whole tiles of \(tileSize)")
            }
            let isGrey = sheet.isGrey
            return Content(
                columns: sheet.width / tileSize, rows: sheet.height / tileSize, channels: isGrey ? 1 : 3, width: sheet.width,
                pixels: isGrey ? stride(from: 0, to: sheet.pixels.count, by: 3).map { sheet.pixels[$0] } : sheet.pixels,
                hash: ContentHash.of(bytes))
        }
    }

    /// Tile `index`, counted along the rows.
    /// - Throws: `ImageError` when the sheet cannot be read or has no such tile.
    public func tile(_ index: Int) throws -> RGBImage {
        let sheet = try content.value()
        guard index >= 0, index < sheet.columns * sheet.rows else {
            throw ImageError(name: name, reason: "has \(sheet.columns * sheet.rows) tiles; there is no tile \(index)")
        }
        let left = index % sheet.columns * tileSize, top = index / sheet.columns * tileSize
        let pixels = [UInt8](unsafeUninitializedCapacity: tileSize * tileSize * 3) { output, count in
            sheet.pixels.withUnsafeBufferPointer { input in
                for y in 0..<tileSize {
                    let from = ((top + y) * sheet.width + left) * sheet.channels, to = y * tileSize * 3
                    for offset in 0..<tileSize * 3 {
                        output[to + offset] = input[from + (sheet.channels == 1 ? offset / 3 : offset)]
                    }
                }
            }
            count = tileSize * tileSize * 3
        }
        return RGBImage(width: tileSize, height: tileSize, pixels: pixels)
    }

    /// How many tiles the sheet has.
    public func count() throws -> Int {
        let sheet = try content.value()
        return sheet.columns * sheet.rows
    }

    /// Hash of the sheet's file.
    func contentHash() throws -> UInt64 { try content.value().hash }
}

extension RGBImage {
    fileprivate var isGrey: Bool {
        pixels.withUnsafeBufferPointer { pixels in
            stride(from: 0, to: pixels.count, by: 3).allSatisfy { pixels[$0] == pixels[$0 + 1] && pixels[$0] == pixels[$0 + 2] }
        }
    }
}

/// A value made by the first to ask for it, while the others wait. A failure is not kept: the next one tries again.
private final class Lazy<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private let make: @Sendable () throws -> Value
    private var made: Value?

    init(_ make: @escaping @Sendable () throws -> Value) { self.make = make }

    func value() throws -> Value {
        try lock.withLock {
            if let made { return made }
            let value = try make()
            made = value
            return value
        }
    }
}
