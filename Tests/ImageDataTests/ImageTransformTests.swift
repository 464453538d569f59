import Foundation
import ImageData
import RandomStreams
import Testing

struct ImageTransformTests {
    private func stream(_ item: Int = 0) -> RandomStream { RandomStream(seed: 3, purpose: .augmentation, epoch: 1, item: item) }

    @Test func evaluationEqualsTorchvision() throws {
        let cases = try #require(PillowCases.all).transform
        #expect(cases.count == 16)
        for expected in cases {
            let transform = ImageTransform.evaluation(resize: expected.resize, crop: expected.crop, interpolation: expected.filter)
            var unused = stream()
            let result = try transform.picture(pattern(expected.size[0], expected.size[1]), stream: &unused)
            #expect(fnv(result.pixels) == expected.hash, "\(expected)")
        }
    }

    @Test func normalisesChannelByChannel() throws {
        let image = RGBImage(width: 2, height: 1, pixels: [0, 51, 255, 255, 102, 0])
        var transform = ImageTransform.none
        #expect(try transform.apply(image, stream: nil) == [-1, 1, (51 / Float(255) - 0.5) / 0.5, (102 / Float(255) - 0.5) / 0.5, 1, -1])
        transform.mean = [0, 0, 1]
        transform.standardDeviation = [1, 0.5, 2]
        #expect(try transform.apply(image, stream: nil) == [0, 1, 51 / Float(255) / 0.5, 102 / Float(255) / 0.5, 0, -0.5])
        transform.standardDeviation = [1, 0, 1]
        #expect(throws: ImageError.self) { try transform.apply(image, stream: nil) }
    }

    @Test func trainingIsAFunctionOfItsStream() throws {
        let image = pattern(60, 45), transform = ImageTransform.training(crop: 24)
        #expect(transform.isRandom && !ImageTransform.evaluation().isRandom && !ImageTransform.none.isRandom)
        let first = try transform.apply(image, stream: stream(1))
        #expect(first.count == 3 * 24 * 24)
        #expect(try transform.apply(image, stream: stream(1)) == first)
        #expect(try transform.apply(image, stream: stream(2)) != first)
        #expect(throws: ImageError.self) { try transform.apply(image, stream: nil) }
    }

    /// A picture whose pixel says where it was: red is x, green is y.
    private func coordinates(_ width: Int, _ height: Int) -> RGBImage {
        RGBImage(width: width, height: height, pixels: (0..<width * height).flatMap { [UInt8($0 % width), UInt8($0 / width), 0] })
    }

    @Test func randomCropsKeepAreaAndRatio() throws {
        let image = coordinates(200, 150)
        let transform = ImageTransform.training(crop: 64, scale: 0.2...0.6, ratio: 0.5...2, flip: 0)
        var areas: [Double] = []
        for item in 0..<200 {
            var numbers = stream(item)
            let result = try transform.picture(image, stream: &numbers)
            // The outermost centres are half an output pixel inside the crop; the filter's edge costs about another half.
            let width = Double(result.pixels[63 * 3]) - Double(result.pixels[0])
            let height = Double(result.pixels[63 * 64 * 3 + 1]) - Double(result.pixels[1])
            #expect(width > 0 && height > 0)
            let ratio = width / height
            #expect(ratio > 0.45 && ratio < 2.2)
            areas.append(width * height / 30_000)
        }
        let mean = areas.reduce(0, +) / 200
        #expect(abs(mean - 0.39) < 0.05, "\(mean)")
        #expect((areas.min() ?? 0) > 0.17 && (areas.max() ?? 1) < 0.62)
    }

    @Test func shapesThatNeverFitFallBackToTheMiddle() throws {
        // 200 x 10 cannot hold a crop of a fifth of its area with a ratio near 1, so all ten attempts fail.
        let image = coordinates(200, 10)
        var numbers = stream()
        let result = try ImageTransform.training(crop: 8, scale: 0.9...1, ratio: 0.75...1.25, flip: 0).picture(image, stream: &numbers)
        let expected = try Resampler.resize(image, width: 8, height: 8, window: PixelRectangle(left: 94, top: 0, width: 12, height: 10))
        #expect(result == expected)
    }

    @Test func flipsAtItsProbability() throws {
        var transform = ImageTransform.none
        let image = coordinates(5, 2)
        transform.flipProbability = 1
        var numbers = stream()
        let mirrored = try transform.picture(image, stream: &numbers)
        #expect(stride(from: 0, to: 30, by: 3).map { mirrored.pixels[$0] } == [4, 3, 2, 1, 0, 4, 3, 2, 1, 0])
        transform.flipProbability = 0.25
        let flipped = try (0..<400).count { item in
            var numbers = stream(item)
            return try transform.picture(image, stream: &numbers) != image
        }
        #expect(flipped > 70 && flipped < 130)
    }

    @Test func refusesSenselessSettings() {
        let image = pattern(20, 20)
        for transform in [
            ImageTransform.evaluation(resize: 0, crop: 1), .evaluation(resize: 10, crop: -1), .training(crop: 0),
            .training(scale: 0...1), .training(scale: 0.5...1.5), .training(ratio: -1...1),
        ] {
            #expect(throws: ImageError.self) { try transform.apply(image, stream: stream()) }
        }
        #expect(throws: ImageError.self) { try ImageTransform.evaluation().apply(pattern(1, 4000), stream: nil) }
    }

    @Test func survivesCoding() throws {
        for transform in [ImageTransform.none, .evaluation(interpolation: .bicubic), .training(crop: 48, scale: 0.5...1, flip: 0)] {
            #expect(try JSONDecoder().decode(ImageTransform.self, from: JSONEncoder().encode(transform)) == transform)
        }
    }
}
