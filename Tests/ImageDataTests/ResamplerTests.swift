import ImageData
import Testing

struct ResamplerTests {
    @Test func equalsPillow() throws {
        let cases = try #require(PillowCases.all).resize
        #expect(cases.count == 26)
        for expected in cases {
            let box = expected.box.map { (left: $0[0], top: $0[1], right: $0[2], bottom: $0[3]) }
            let result = try Resampler.resize(
                pattern(expected.size[0], expected.size[1]), width: expected.to[0], height: expected.to[1],
                interpolation: expected.filter, box: box)
            #expect(fnv(result.pixels) == expected.hash, "\(expected)")
        }
    }

    @Test(arguments: Interpolation.allCases, [(40, 31), (19, 70), (80, 9)])
    func windowIsACropBeforeAndCropIsACropAfter(_ filter: Interpolation, _ size: (Int, Int)) throws {
        let image = pattern(57, 64)
        let window = PixelRectangle(left: 9, top: 4, width: 33, height: 51)
        let cut = crop(image, window)
        let whole = try Resampler.resize(cut, width: size.0, height: size.1, interpolation: filter)
        #expect(try Resampler.resize(image, width: size.0, height: size.1, interpolation: filter, window: window) == whole)
        let part = PixelRectangle(left: size.0 / 3, top: size.1 / 4, width: size.0 / 2, height: size.1 / 2)
        let kept = try Resampler.resize(image, width: size.0, height: size.1, interpolation: filter, window: window, crop: part)
        #expect(kept == crop(whole, part))
    }

    @Test func refusesWhatIsNotInside() {
        let image = pattern(10, 10)
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 0, height: 5) }
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 1 << 40) }
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 5, box: (0, 0, 10.5, 10)) }
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 5, box: (0, .nan, 10, 10)) }
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 5, box: (3, 0, 3, 10)) }
        let outside = PixelRectangle(left: .max, top: 0, width: 1, height: 1)
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 5, window: outside) }
        #expect(throws: ImageError.self) { try Resampler.resize(image, width: 5, height: 5, crop: outside) }
    }
}
