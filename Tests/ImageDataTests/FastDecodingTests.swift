import Foundation
import ImageData
import RandomStreams
import Testing

/// Decoding a JPEG smaller than it is, where the result has no more pixels than that.
@Suite struct FastDecodingTests {
    private func jpeg() throws -> EncodedPicture {
        let file = try #require(Bundle.module.url(forResource: "image-1", withExtension: "jpeg", subdirectory: "Resources"))
        return try EncodedPicture([UInt8](Data(contentsOf: file)), name: "image-1.jpeg")
    }

    private func picture(_ transform: ImageTransform, _ encoded: EncodedPicture, item: Int = 0, shrinks: inout [Int]) throws -> RGBImage {
        var stream = RandomStream(seed: 1, purpose: .augmentation, epoch: 0, item: item)
        return try transform.picture(of: encoded, stream: &stream) { shrink in
            shrinks.append(shrink)
            return try encoded.decoded(shrunk: shrink)
        }
    }

    private func meanDifference(_ a: RGBImage, _ b: RGBImage) -> Double {
        zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count)
    }

    @Test func aShrunkPictureHasItsSidesRoundedUp() throws {
        let encoded = try jpeg()
        for shrink in [1, 2, 4, 8] {
            let image = try encoded.decoded(shrunk: shrink)
            #expect(image.width == (encoded.width + shrink - 1) / shrink && image.height == (encoded.height + shrink - 1) / shrink)
        }
    }

    @Test func onlyJPEGCanBeShrunk() throws {
        let png = try EncodedPicture(encodePNG(pattern(64, 64)), name: "a.png")
        #expect(!png.canShrink)
        #expect(throws: ImageError.self) { try png.decoded(shrunk: 2) }
        var transform = ImageTransform.evaluation(resize: 16, crop: 14)
        transform.decoding = .fast
        var shrinks: [Int] = []
        let picture = try picture(transform, png, shrinks: &shrinks)
        #expect(shrinks == [1])
        transform.decoding = .exact
        #expect(try self.picture(transform, png, shrinks: &shrinks) == picture)
    }

    /// Never fewer pixels than the result has, and at most a factor of two more than are needed.
    @Test func theFactorLeavesEnoughPixels() throws {
        for (side, resize, expected) in [(512, 256, 2), (511, 256, 1), (2048, 256, 8), (4000, 256, 8), (1024, 256, 4), (256, 256, 1), (100, 256, 1)] {
            #expect(try CenterCrop(resize: resize, crop: 224).plan(width: side + 37, height: side).shrink == expected, "\(side)")
        }
    }

    @Test func theResultIsThatOfTheWholePictureWithinGreyLevels() throws {
        let encoded = try jpeg()
        let short = min(encoded.width, encoded.height)
        for (divisor, allowed) in [(2, 4.0), (4, 4.0), (8, 4.0)] {
            var transform = ImageTransform.evaluation(resize: short / divisor - 1, crop: short / divisor - 3)
            var shrinks: [Int] = []
            let exact = try picture(transform, encoded, shrinks: &shrinks)
            transform.decoding = .fast
            let fast = try picture(transform, encoded, shrinks: &shrinks)
            #expect(shrinks == [1, divisor])
            #expect(exact.width == fast.width && exact.height == fast.height)
            #expect(meanDifference(exact, fast) < allowed)
            // A picture moved by a pixel of the smaller one would be far off.
            let moved = RGBImage(width: exact.width, height: exact.height, pixels: Array(exact.pixels[3...]) + [0, 0, 0])
            #expect(meanDifference(moved, fast) > meanDifference(exact, fast))
        }
    }

    @Test func randomCropsTakeTheSamePartOfThePicture() throws {
        let encoded = try jpeg()
        var transform = ImageTransform.training(crop: 12, scale: 0.3...1)
        var shrinks: [Int] = []
        var (apart, others) = (0.0, 0.0)
        for item in 0..<20 {
            transform.decoding = .exact
            let exact = try picture(transform, encoded, item: item, shrinks: &shrinks)
            let other = try picture(transform, encoded, item: item + 100, shrinks: &shrinks)
            transform.decoding = .fast
            let fast = try picture(transform, encoded, item: item, shrinks: &shrinks)
            apart += meanDifference(exact, fast) / 20
            others += meanDifference(other, fast) / 20
        }
        #expect(Set(shrinks).count > 1)
        #expect(apart < others / 3)
    }

    @Test func loadersGiveTheSameWhateverIsKept() throws {
        let file = try #require(Bundle.module.url(forResource: "image-1", withExtension: "jpeg", subdirectory: "Resources"))
        let items = [DatasetItem(name: "a", source: .file(path: file.path), label: 0)]
        var transform = ImageTransform.training(crop: 12)
        transform.decoding = .fast
        func load(_ cache: ImageCache?) throws -> [[Float]] {
            let loader = BatchLoader(items: items, batches: Array(repeating: [0, 0, 0], count: 4), transform: transform, seed: 3, epoch: 0, threads: 2, cache: cache)
            var pixels: [[Float]] = []
            while let batch = try loader.next() { pixels.append(batch.pixels) }
            return pixels
        }
        let plain = try load(nil)
        let cache = ImageCache()
        #expect(try load(cache) == plain)
        #expect(try load(cache) == plain)
    }
}
