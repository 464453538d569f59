import Reporting
import Testing

struct MeanSpreadTests {
    @Test func sampleStandardDeviation() {
        let figure = MeanSpread([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(figure.mean == 5)
        #expect(abs((figure.spread ?? 0) - (32.0 / 7).squareRoot()) < 1e-12)
    }

    @Test func oneValueHasNoSpread() {
        #expect(MeanSpread([3]).mean == 3)
        #expect(MeanSpread([3]).spread == nil)
    }
}
