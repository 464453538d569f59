import ImageData
import Testing

struct TileSheetTests {
    @Test func cutsTilesAlongTheRows() throws {
        let folder = try TemporaryFolder()
        let sheet = pattern(12, 8)
        try folder.write("sheet.png", encodePNG(sheet))
        let tiles = TileSheet(path: folder.path + "/sheet.png", tileSize: 4)
        #expect(try tiles.count() == 6)
        let tile = try tiles.tile(4)  // second row, second column
        #expect(tile == crop(sheet, PixelRectangle(left: 4, top: 4, width: 4, height: 4)))
        #expect(throws: ImageError.self) { try tiles.tile(6) }
        #expect(throws: ImageError.self) { try tiles.tile(-1) }
    }

    @Test func greySheetsGiveGreyTiles() throws {
        let folder = try TemporaryFolder()
        let grey = (0..<8 * 4).flatMap { [UInt8](repeating: UInt8($0 * 7), count: 3) }
        let sheet = RGBImage(width: 8, height: 4, pixels: grey)
        try folder.write("sheet.png", encodePNG(sheet))
        let tile = try TileSheet(path: folder.path + "/sheet.png", tileSize: 4).tile(1)
        #expect(tile == crop(sheet, PixelRectangle(left: 4, top: 0, width: 4, height: 4)))
    }

    @Test func refusesASheetOfOtherSize() throws {
        let folder = try TemporaryFolder()
        try folder.write("sheet.png", encodePNG(pattern(10, 8)))
        for size in [4, 0, -3] {
            #expect(throws: ImageError.self) { try TileSheet(path: folder.path + "/sheet.png", tileSize: size).tile(0) }
        }
    }
}
