import ImageData
import Reporting
import Testing

struct RetrievalPictureTests {
    private func flat(_ width: Int, _ height: Int, _ color: [UInt8]) -> RGBImage {
        RGBImage(width: width, height: height, pixels: (0..<width * height).flatMap { _ in color })
    }

    private func pixel(_ image: RGBImage, _ x: Int, _ y: Int) -> [UInt8] {
        let start = (y * image.width + x) * 3
        return Array(image.pixels[start..<start + 3])
    }

    @Test func framesTellTheVerdict() throws {
        let orange: [UInt8] = [250, 150, 10]
        let picture = try RetrievalPicture(
            query: flat(48, 48, orange),
            neighbours: [
                .init(flat(48, 48, orange), .sameClass), .init(flat(48, 48, orange), .otherClass),
                .init(flat(48, 48, orange), .unknown),
            ]
        ).render()
        let colors = [
            RetrievalPicture.neutral, RetrievalPicture.color(.sameClass), RetrievalPicture.color(.otherClass),
            RetrievalPicture.color(.unknown),
        ]
        for (index, color) in colors.enumerated() {
            let (x, y) = RetrievalPicture.origin(index)
            let last = RetrievalPicture.tile + 2 * RetrievalPicture.frame - 1
            for corner in [(x, y), (x + last, y), (x, y + last), (x + last, y + last)] {
                #expect(pixel(picture, corner.0, corner.1) == color)
            }
            #expect(pixel(picture, x - 1, y) == RetrievalPicture.paper)
            #expect(pixel(picture, x + last / 2, y + last / 2) == orange)
            #expect(pixel(picture, x + RetrievalPicture.frame, y + RetrievalPicture.frame) == orange)
        }
    }

    @Test func imagesKeepTheirProportions() throws {
        let picture = try RetrievalPicture(query: flat(100, 50, [0, 0, 0]), neighbours: []).render()
        let (x, y) = RetrievalPicture.origin(0)
        let middle = RetrievalPicture.frame + RetrievalPicture.tile / 2
        #expect(pixel(picture, x + middle, y + RetrievalPicture.frame + 2) == RetrievalPicture.paper)
        #expect(pixel(picture, x + middle, y + middle) == [0, 0, 0])
        #expect(picture.width == RetrievalPicture.tile + 2 * (RetrievalPicture.frame + RetrievalPicture.spacing))
    }

    @Test func extremeShapesAreDrawn() throws {
        _ = try RetrievalPicture(query: flat(1, 1, [0, 0, 0]), neighbours: [.init(flat(500, 1, [9, 9, 9]), .sameClass)]).render()
    }
}
